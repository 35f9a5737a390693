/** What real events say about baskets, returns and times: empirical distributions that the shoppers draw from. */

import { type BehaviourEvent, itemsOf } from '../../shared/event.ts';
import type { Minor } from '../../shared/money.ts';
import type { Random } from '../../shared/random.ts';

const HOUR_MS = 3_600_000;
const SESSION_GAP_MS = 30 * 60_000;
/** Basket lines paired for co-purchase: the pairs of one wholesale basket must not outnumber all others. */
const PAIRED_LINES = 20;
const NEIGHBOURS = 12;
/** Longest basket that is copied; what lies above is drawn at this length. */
export const MAX_LINES = 120;

export interface Calibration {
  /** Distinct products an order: an empirical sample, drawn from uniformly. */
  basketLines: readonly number[];
  /** Units a line. */
  quantities: readonly number[];
  /** Interactions by sku. */
  popularity: ReadonlyMap<string, number>;
  /** Most often bought together, best first. */
  neighbours: ReadonlyMap<string, readonly string[]>;
  /** Time between the sessions of a visitor, ms. */
  gapsMs: readonly number[];
  sessionsPerVisitor: readonly number[] | undefined;
  /** 24 weights (UTC). */
  hours: readonly number[];
  /** Refunds an order; undefined where there is no purchase. */
  refundShare: number | undefined;
  /** Median unit price paid, for products whose price the catalogue does not tell. */
  paidPrice: ReadonlyMap<string, Minor>;
  lastTs: number | undefined;
}

/** Where no events are given: small baskets, weekly returns, evenings. */
const DEFAULT_LINES = [1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5];
const DEFAULT_QUANTITIES = [1, 1, 1, 1, 1, 1, 1, 1, 2];
const DEFAULT_GAPS_DAYS = [0.1, 0.3, 0.8, 1, 1.2, 2, 2.5, 3, 4, 5, 7, 7, 8, 10, 14, 21];
const DEFAULT_HOURS = [2, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 7, 6, 6, 6, 6, 7, 8, 10, 11, 10, 7, 4];

/** Reads the distributions off the events. Parts that the events do not show keep the defaults. */
export function calibrate(events: readonly BehaviourEvent[]): Calibration {
  const purchases = events.filter((event) => event.name === 'purchase' && itemsOf(event).length > 0);
  const refunds = events.reduce((sum, event) => sum + (event.name === 'refund' ? 1 : 0), 0);
  const lines = purchases.map((event) =>
    Math.min(MAX_LINES, new Set(itemsOf(event).map((item) => item.sku)).size),
  );
  const quantities = purchases.flatMap((event) => itemsOf(event).map((item) => Math.round(item.quantity)));
  const visits = sessionsOf(events);
  const times = events.flatMap((event) => event.ts ?? []);
  return {
    basketLines: lines.length > 0 ? lines : DEFAULT_LINES,
    quantities: orDefault(
      quantities.filter((quantity) => quantity > 0),
      DEFAULT_QUANTITIES,
    ),
    popularity: popularityOf(events),
    neighbours: coPurchases(purchases),
    gapsMs: visits.gaps.length >= 20 ? visits.gaps : DEFAULT_GAPS_DAYS.map((days) => days * 24 * HOUR_MS),
    sessionsPerVisitor: visits.counts.length >= 20 ? visits.counts : undefined,
    hours: times.length >= 100 ? hoursOf(times) : DEFAULT_HOURS,
    refundShare: purchases.length > 0 ? Math.min(0.4, refunds / purchases.length) : undefined,
    paidPrice: medianPrices(events),
    lastTs: times.length > 0 ? times.reduce((last, ts) => Math.max(last, ts), 0) : undefined,
  };
}

/** One entry of an empirical sample. */
export function drawFrom(sample: readonly number[], random: Random): number {
  return sample[random.int(sample.length)]!;
}

const orDefault = (sample: number[], fallback: readonly number[]): readonly number[] =>
  sample.length > 0 ? sample : fallback;

function popularityOf(events: readonly BehaviourEvent[]): Map<string, number> {
  const count = new Map<string, number>();
  for (const event of events) {
    if (event.name === 'view_item_list' || event.name === 'refund') continue;
    for (const { sku } of itemsOf(event)) count.set(sku, (count.get(sku) ?? 0) + 1);
  }
  return count;
}

function coPurchases(purchases: readonly BehaviourEvent[]): Map<string, readonly string[]> {
  const pairs = new Map<string, Map<string, number>>();
  for (const purchase of purchases) {
    const skus = [...new Set(itemsOf(purchase).map((item) => item.sku))].slice(0, PAIRED_LINES);
    for (const a of skus) {
      const row = pairs.get(a) ?? new Map<string, number>();
      pairs.set(a, row);
      for (const b of skus) if (a !== b) row.set(b, (row.get(b) ?? 0) + 1 / skus.length);
    }
  }
  return new Map(
    [...pairs].map(([sku, row]) => {
      const best = [...row].sort((left, right) => right[1] - left[1]).slice(0, NEIGHBOURS);
      return [sku, best.map(([other]) => other)];
    }),
  );
}

/** Sessions as marked, else parted by 30 minutes of silence (the GA4 rule). Needs events by visitor, in order. */
function sessionsOf(events: readonly BehaviourEvent[]): { gaps: number[]; counts: number[] } {
  const gaps: number[] = [];
  const counts: number[] = [];
  let before: BehaviourEvent | undefined;
  for (const event of events) {
    if (before?.visitor !== event.visitor) counts.push(1);
    else if (event.ts !== undefined && before.ts !== undefined && isNewSession(before, event)) {
      gaps.push(Math.max(60_000, event.ts - before.ts));
      counts[counts.length - 1]!++;
    }
    before = event;
  }
  return { gaps, counts: events.some((event) => event.ts !== undefined) ? counts : [] };
}

function isNewSession(before: BehaviourEvent, event: BehaviourEvent): boolean {
  if (before.session !== undefined && event.session !== undefined) return before.session !== event.session;
  return event.ts! - before.ts! > SESSION_GAP_MS;
}

function hoursOf(times: readonly number[]): number[] {
  const hours = new Array<number>(24).fill(0);
  for (const ts of times) hours[Math.floor(ts / HOUR_MS) % 24]!++;
  return hours;
}

function medianPrices(events: readonly BehaviourEvent[]): Map<string, Minor> {
  const paid = new Map<string, Minor[]>();
  for (const event of events) {
    for (const { sku, price } of event.items ?? []) {
      if (price === undefined || price <= 0) continue;
      const list = paid.get(sku);
      if (list === undefined) paid.set(sku, [price]);
      else if (list.length < 25) list.push(price);
    }
  }
  return new Map([...paid].map(([sku, prices]) => [sku, prices.sort((a, b) => a - b)[prices.length >> 1]!]));
}
