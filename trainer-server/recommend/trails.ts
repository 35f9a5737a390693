/** Who touched which product in which order: what the counting models read. */

import { type BehaviourEvent, type EventName, itemsOf } from '../../shared/event.ts';

/** One visitor's products, in order. Entry i of each array belongs together. */
export interface Trail {
  visitor: string;
  /** Row of the product; a product touched several times in a row stands once. */
  rows: Int32Array;
  /** Epoch milliseconds, NaN where the log has none. */
  times: Float64Array;
  /** Sessions (or baskets) of the trail, counted from 0. */
  sessions: Int32Array;
}

/** Acts towards a product. Impressions are the shop's act; removals and refunds speak against it. */
const POSITIVE: ReadonlySet<EventName> = new Set([
  'view_item',
  'select_item',
  'add_to_cart',
  'add_to_wishlist',
  'purchase',
  'rate',
  'dwell',
]);

/** Where the log names no sessions. Source: the customary 30 minutes of web analytics (GA4's default). */
const SESSION_GAP_MS = 30 * 60_000;

/**
 * Trails of a log that is sorted by visitor and then by time. Products without a row are left out.
 * Where there are neither sessions nor times, all of a visitor's events are one session.
 */
export function trailsOf(
  events: readonly BehaviourEvent[],
  rowOf: (sku: string) => number | undefined,
): Trail[] {
  const trails: Trail[] = [];
  for (let from = 0; from < events.length; ) {
    let to = from + 1;
    while (to < events.length && events[to]!.visitor === events[from]!.visitor) to++;
    const trail = trailOf(events, from, to, rowOf);
    if (trail.rows.length > 0) trails.push(trail);
    from = to;
  }
  return trails;
}

function trailOf(
  events: readonly BehaviourEvent[],
  from: number,
  to: number,
  rowOf: (sku: string) => number | undefined,
): Trail {
  const rows: number[] = [];
  const times: number[] = [];
  const sessions: number[] = [];
  let session = 0;
  for (let i = from; i < to; i++) {
    const event = events[i]!;
    if (i > from && startsSession(events[i - 1]!, event)) session++;
    if (!POSITIVE.has(event.name)) continue;
    for (const { sku } of itemsOf(event)) {
      const row = rowOf(sku);
      if (row === undefined || (row === rows.at(-1) && session === sessions.at(-1))) continue;
      rows.push(row);
      times.push(event.ts ?? Number.NaN);
      sessions.push(session);
    }
  }
  return {
    visitor: events[from]!.visitor,
    rows: Int32Array.from(rows),
    times: Float64Array.from(times),
    sessions: Int32Array.from(sessions),
  };
}

function startsSession(before: BehaviourEvent, now: BehaviourEvent): boolean {
  if (before.session !== undefined && now.session !== undefined) return before.session !== now.session;
  return before.ts !== undefined && now.ts !== undefined && now.ts - before.ts > SESSION_GAP_MS;
}
