/**
 * The prior price of an announced reduction: the lowest price a product had in the days before it.
 * Source: Directive 98/6/EC, Article 6a; guidance 2021/C 526/02; CJEU C-330/23.
 */

import type { Minor } from '../../money.ts';
import type { Product } from '../../product.ts';
import type { Promotion } from '../../promotion.ts';
import { inScope } from '../scope.ts';
import type { Exemption, LawRules } from './law-rules.ts';

const DAY_MS = 86_400_000;

/** From `ts` on a product cost `price`, until its next entry. */
export interface PriceEntry {
  sku: string;
  /** Epoch milliseconds. */
  ts: number;
  price: Minor;
}

/** Entries by sku, oldest first. */
export type PriceHistory = ReadonlyMap<string, readonly PriceEntry[]>;

export function priceHistoryOf(entries: readonly PriceEntry[]): PriceHistory {
  const out = new Map<string, PriceEntry[]>();
  for (const entry of [...entries].sort((a, b) => a.ts - b.ts)) {
    const held = out.get(entry.sku);
    if (held === undefined) out.set(entry.sku, [entry]);
    else held.push(entry);
  }
  return out;
}

/** What a product may let off: attributes `perishable: true` and `reduced_since` (when a series of reductions began). */
export type LawProduct = Pick<Product, 'sku' | 'price' | 'attributes'>;

export type PriorPrice =
  | { price: Minor; days: number; by: 'lowest' | 'new' | 'progressive' }
  | { exempt: 'perishable' }
  /** No price before `at` is known: nothing can be announced truthfully. */
  | { unknown: true };

/**
 * The price that a reduction announced at `at` must be measured against.
 * - New goods (all entries younger than the period): since they came out, where the region lets off `new`; else unknown.
 * - Progressive reductions (`reduced_since` inside the period): the price before the first of them.
 */
export function priorPriceOf(
  product: LawProduct,
  history: PriceHistory,
  at: number,
  { days, exempt }: NonNullable<LawRules['priorPrice']>,
): PriorPrice {
  const lets = (exemption: Exemption): boolean => exempt.includes(exemption);
  if (lets('perishable') && product.attributes?.perishable === true) return { exempt: 'perishable' };
  const entries = (history.get(product.sku) ?? []).filter(({ ts }) => ts < at);
  const first = entries[0];
  if (first === undefined) return { unknown: true };
  const since = lets('progressive') ? reducedSince(product) : undefined;
  const before = since === undefined ? undefined : entries.findLast(({ ts }) => ts < since);
  if (before !== undefined && since! > at - days * DAY_MS)
    return { price: before.price, days, by: 'progressive' };
  const from = at - days * DAY_MS;
  if (first.ts > from && !lets('new')) return { unknown: true };
  return {
    price: lowestBetween(entries, from),
    days: first.ts > from ? Math.floor((at - first.ts) / DAY_MS) : days,
    by: first.ts > from ? 'new' : 'lowest',
  };
}

/** The price already in force at `from` counts, too. */
function lowestBetween(entries: readonly PriceEntry[], from: number): Minor {
  const inForce = entries.findLastIndex(({ ts }) => ts <= from);
  return Math.min(...entries.slice(Math.max(0, inForce)).map(({ price }) => price));
}

function reducedSince({ attributes }: LawProduct): number | undefined {
  const since = attributes?.reduced_since;
  const time = typeof since === 'string' ? Date.parse(since) : since;
  return typeof time === 'number' && Number.isFinite(time) ? time : undefined;
}

/** What may be said of a reduction: percent of the prior price, rounded down to a whole one. 0: nothing may be said. */
export function announcedPercent(reduced: Minor, prior: Minor): number {
  return prior <= 0 || reduced >= prior ? 0 : Math.floor(((prior - reduced) * 100) / prior);
}

/** Why a promotion's reduction may not be announced. */
export interface UntrueReduction {
  sku: string;
  /** Absent where no earlier price is known. */
  prior?: Minor;
  price?: Minor;
}

/**
 * Promotions that announce a percentage off prices, although a product in their scope costs more today than its prior
 * price: so much off today's price is less off the prior one. Sets and sums off an order announce no price of a product
 * (guidance 2021/C 526/02, section 2.2), coupons that are chosen for one shopper are personalised (section 2.3).
 */
export function untrueReductions(
  promotions: readonly Promotion[],
  products: readonly Product[],
  history: PriceHistory,
  rules: LawRules,
  now: number,
): Record<string, UntrueReduction> {
  const out: Record<string, UntrueReduction> = {};
  const { priorPrice } = rules;
  if (priorPrice === undefined) return out;
  for (const { id, terms, scope, schedule } of promotions) {
    if (!announcesPercentage(terms, priorPrice.codes)) continue;
    const at = Math.min(now, schedule?.starts ?? now);
    for (const product of products) {
      if (product.price === undefined || !inScope(scope, product.sku, product)) continue;
      const prior = priorPriceOf(product, history, at, priorPrice);
      if ('exempt' in prior || ('price' in prior && product.price <= prior.price)) continue;
      out[id] = {
        sku: product.sku,
        price: product.price,
        ...('price' in prior ? { prior: prior.price } : {}),
      };
      break;
    }
  }
  return out;
}

const announcesPercentage = (terms: Promotion['terms'], codes = false): boolean =>
  terms.type === 'percentage' ||
  terms.type === 'flash_sale' ||
  (codes && terms.type === 'coupon' && terms.percent !== undefined);
