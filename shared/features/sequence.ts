/** A shopper's history as the session encoder's tokens. The only place where events become numbers. */

import { type BehaviourEvent, type EventItem, itemsOf, type PackedVector } from '../event.ts';
import type { Minor } from '../money.ts';
import { gapBucket, kindOf, priceBucket, QUERY_SLOTS, queryBuckets } from './vocabulary.ts';

/** Longest sequence the session encoder reads: the last ones are kept. */
export const SEQUENCE_LENGTH = 64;
/** Products taken from one event (a basket of forty lines must not push everything else out). */
export const ITEMS_PER_EVENT = 8;

/** What features need to know of a product; on the device this is the bundle's table or the page itself. */
export interface ProductFacts {
  /** Row in the product table; -1 where the product has no vector. */
  row: number;
  price?: Minor;
  category: readonly string[];
  brand?: string;
  /** Whether its list price is above its price. */
  reduced?: boolean;
}

export interface ProductLookup {
  find(sku: string): ProductFacts | undefined;
}

/** Token i of each array belongs together. All [length], `query` [length * QUERY_SLOTS]. */
export interface SessionInput {
  length: number;
  kind: Int32Array;
  /** Row of the product table, -1 for none: its vector is then all zeros. */
  row: Int32Array;
  gap: Int32Array;
  price: Int32Array;
  query: Int32Array;
  /** By token, of products that have no row: what the device made of what the page showed. */
  shown?: Map<number, PackedVector>;
}

/**
 * The last SEQUENCE_LENGTH tokens of a history (oldest first).
 * One token an event; purchases, carts and refunds of several products give one a product; lists of impressions
 * give a single token without a product, since what was shown is the shop's act, not the shopper's.
 */
export function sequenceOf(
  history: readonly BehaviourEvent[],
  products: ProductLookup,
  priceEdges: readonly Minor[],
  longest = SEQUENCE_LENGTH,
): SessionInput {
  const tokens = tokensOf(history, longest);
  const input = emptySession(tokens.length);
  tokens.forEach(({ at, item }, t) => {
    const event = history[at]!;
    const facts = item && products.find(item.sku);
    input.kind[t] = kindOf(event.name);
    input.row[t] = facts?.row ?? -1;
    input.gap[t] = gapBucket(history[at - 1]?.ts, event.ts);
    input.price[t] = priceBucket(item?.price ?? facts?.price, priceEdges);
    input.query.set(queryBuckets(event.query), t * QUERY_SLOTS);
    if (facts === undefined && item?.vector) {
      input.shown ??= new Map();
      input.shown.set(t, item.vector);
    }
  });
  return input;
}

/** Of each token of a history's sequence, the place of its event in the history. */
export const eventsOfTokens = (history: readonly BehaviourEvent[], longest = SEQUENCE_LENGTH): number[] =>
  tokensOf(history, longest).map(({ at }) => at);

interface Token {
  /** Of its event, in the history. */
  at: number;
  item?: EventItem;
}

function tokensOf(history: readonly BehaviourEvent[], longest: number): Token[] {
  const tokens: Token[] = [];
  // Only the tail can matter: every event gives at least one token.
  for (let at = Math.max(0, history.length - longest); at < history.length; at++) {
    const event = history[at]!;
    const items = event.name === 'view_item_list' ? [] : itemsOf(event).slice(0, ITEMS_PER_EVENT);
    if (items.length === 0) tokens.push({ at });
    for (const item of items) tokens.push({ at, item });
  }
  return tokens.slice(-longest);
}

/** A session of `length` padding tokens. */
export function emptySession(length: number): SessionInput {
  return {
    length,
    kind: new Int32Array(length),
    row: new Int32Array(length).fill(-1),
    gap: new Int32Array(length),
    price: new Int32Array(length),
    query: new Int32Array(length * QUERY_SLOTS),
  };
}
