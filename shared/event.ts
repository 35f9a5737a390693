/** Behaviour events under GA4 e-commerce names. */

import * as v from 'valibot';
import type { Minor } from './money.ts';
import { moneyOf, moneySchema } from './money-text.ts';
import { type Attributes, attributesSchema, read, timeSchema, withAttributes } from './read.ts';

/** The events we know. Their order is part of the feature version: append only. */
export const EVENT_NAMES = [
  'view_item',
  'view_item_list',
  'select_item',
  'search',
  'add_to_cart',
  'remove_from_cart',
  'add_to_wishlist',
  'begin_checkout',
  'purchase',
  'refund',
  'rate',
  'view_promotion',
  'select_promotion',
  'dwell',
] as const;

export type EventName = (typeof EVENT_NAMES)[number];

export interface EventItem extends ShownProduct {
  sku: string;
  quantity: number;
  /** What one unit cost the shopper. */
  price?: Minor;
}

/** What a page shows of a product. Features read it of products alone that the release does not know. */
export interface ShownProduct {
  /** From the top of the catalogue down. */
  category?: string[];
  brand?: string;
  title?: string;
  /** Made on the device from the rest (`features/product-vector.ts`). */
  vector?: PackedVector;
}

/** A vector is int8 * scale. Its numbers travel whole, so that a server that replays a decision reads the same. */
export interface PackedVector {
  int8: number[];
  scale: number;
}

export interface BehaviourEvent {
  visitor: string;
  session?: string;
  /** Epoch milliseconds. Absent where a log has an order but no times. */
  ts?: number;
  name: EventName;
  sku?: string;
  items?: EventItem[];
  query?: string;
  value?: Minor;
  rating?: number;
  /** Promotion id, of view_promotion, select_promotion, purchase and refund. */
  promotion?: string;
  dwellMs?: number;
  attributes?: Attributes;
}

const int8 = v.pipe(v.number(), v.integer(), v.minValue(-127), v.maxValue(127));

/** Of ShownProduct, as an item of an event or of a cart carries it. */
export const shownEntries = {
  category: v.optional(v.pipe(v.array(v.string()), v.maxLength(16))),
  brand: v.optional(v.string()),
  title: v.optional(v.string()),
  vector: v.optional(
    v.object({ int8: v.pipe(v.array(int8), v.maxLength(1024)), scale: v.pipe(v.number(), v.finite()) }),
  ),
};

const itemSchema = v.object({
  sku: v.union([v.pipe(v.string(), v.nonEmpty()), v.pipe(v.number(), v.transform(String))]),
  quantity: v.optional(v.pipe(v.number(), v.minValue(0)), 1),
  price: v.optional(moneySchema),
  ...shownEntries,
});

const eventSchema = v.object({
  visitor: v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
  session: v.optional(v.union([v.string(), v.pipe(v.number(), v.transform(String))])),
  ts: v.optional(timeSchema),
  name: v.picklist(EVENT_NAMES),
  sku: v.optional(itemSchema.entries.sku),
  items: v.optional(v.array(itemSchema)),
  query: v.optional(v.string()),
  value: v.optional(moneySchema),
  rating: v.optional(v.number()),
  promotion: v.optional(v.string()),
  dwellMs: v.optional(v.pipe(v.number(), v.minValue(0))),
  attributes: v.optional(attributesSchema),
});

const KNOWN = /* @__PURE__ */ new Set(/* @__PURE__ */ Object.keys(eventSchema.entries));
const ALIAS = { dwell_ms: 'dwellMs' };

/**
 * One event as files and requests carry it (money in major units, `dwell_ms`).
 * @param visitor stands in where the line names none, as inside a request's history
 * @throws BadInput naming the field
 */
export function readEvent(raw: unknown, currency: string, visitor?: string): BehaviourEvent {
  const known = withAttributes(raw, KNOWN, ALIAS);
  if (visitor !== undefined) known.visitor ??= visitor;
  const event = read(eventSchema, known);
  const { value, items, ...rest } = event;
  return {
    ...rest,
    ...(value === undefined ? {} : { value: moneyOf(value, currency, 'value') }),
    ...(items === undefined ? {} : { items: items.map((item) => readItem(item, currency)) }),
  } as BehaviourEvent;
}

function readItem(item: v.InferOutput<typeof itemSchema>, currency: string): EventItem {
  const { price, ...rest } = item;
  return {
    ...(rest as EventItem),
    ...(price === undefined ? {} : { price: moneyOf(price, currency, 'items.price') }),
  };
}

/** The products an event is about: its `items`, else its `sku`, else none. */
export function itemsOf(event: BehaviourEvent): readonly EventItem[] {
  if (event.items !== undefined && event.items.length > 0) return event.items;
  return event.sku === undefined ? [] : [{ sku: event.sku, quantity: 1 }];
}
