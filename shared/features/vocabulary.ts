/** The symbols a session is written in. Changing anything here means raising FEATURE_VERSION. */

import { EVENT_NAMES, type EventName } from '../event.ts';
import type { Minor } from '../money.ts';
import { hash32 } from '../random.ts';

/** Stands in every decision, manifest and golden case; a mismatch is refused. */
export const FEATURE_VERSION = 4;

/** Kind 0 is padding. */
export const KIND_COUNT = EVENT_NAMES.length + 1;
export const kindOf = (name: EventName): number => EVENT_NAMES.indexOf(name) + 1;

/** Upper ends of the gap buckets, in seconds; bucket 0 means unknown, the first event included. */
export const GAP_ENDS_S = [5, 15, 60, 300, 1800, 7200, 86_400, 604_800, 2_592_000] as const;
export const GAP_COUNT = GAP_ENDS_S.length + 2;

/** Bucket of the time since the event before; 0 where either time is unknown. */
export function gapBucket(before: number | undefined, now: number | undefined): number {
  if (before === undefined || now === undefined) return 0;
  const seconds = Math.max(0, now - before) / 1000;
  const at = GAP_ENDS_S.findIndex((end) => seconds < end);
  return (at < 0 ? GAP_ENDS_S.length : at) + 1;
}

/** Price buckets: 0 unknown, then the catalogue's own quantiles. */
export const PRICE_COUNT = 17;

/** Bucket of a price among 15 ascending edges (the 1/16 quantiles of the catalogue's prices). */
export function priceBucket(price: Minor | undefined, edges: readonly Minor[]): number {
  if (price === undefined || edges.length === 0) return 0;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (price >= edges[middle]!) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, PRICE_COUNT - 2) + 1;
}

/** Search text enters the session as hashed words and character trigrams: no model to load first. */
export const QUERY_BUCKETS = 256;
export const QUERY_SLOTS = 8;

/** Up to QUERY_SLOTS distinct buckets in 1..QUERY_BUCKETS-1, padded with 0. */
export function queryBuckets(query: string | undefined): number[] {
  const out: number[] = [];
  if (query !== undefined) {
    const text = query.normalize('NFKC').toLowerCase();
    const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
    const grams = words.flatMap((word) => [word, ...trigrams(word)]);
    for (const gram of grams) {
      const bucket = 1 + (hash32(gram) % (QUERY_BUCKETS - 1));
      if (!out.includes(bucket)) out.push(bucket);
      if (out.length === QUERY_SLOTS) break;
    }
  }
  while (out.length < QUERY_SLOTS) out.push(0);
  return out;
}

/** Chinese words are runs of characters, so their pairs carry the meaning that trigrams carry elsewhere. */
function trigrams(word: string): string[] {
  const letters = [...word];
  const size = /\p{Script=Han}/u.test(word) ? 2 : 3;
  const out: string[] = [];
  for (let i = 0; i + size <= letters.length; i++) out.push(letters.slice(i, i + size).join(''));
  return out;
}
