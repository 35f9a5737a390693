/** A log known by a few hashes of its events: tells whether a later log holds it. */

import { type BehaviourEvent, itemsOf } from '../../shared/event.ts';
import { hash32 } from '../../shared/random.ts';

/** Hashes kept (Broder 1997, bottom-k): enough to tell a half from a tenth. */
const SIZE = 256;
/** Share of a log's events found in another from which the other holds it: old lines may have been cleaned away. */
const HELD = 0.5;

const BASIS = 0x1b873593;

const hashOf = (event: BehaviourEvent): number =>
  hash32(
    [event.visitor, event.ts ?? '', event.name, ...itemsOf(event).map(({ sku }) => sku)].join('\u0000'),
    BASIS,
  );

/** The smallest hashes of a log's events. */
export function logSketch(events: readonly BehaviourEvent[]): number[] {
  const hashes = Float64Array.from(new Set(events.map(hashOf))).sort();
  return [...hashes.subarray(0, SIZE)];
}

/** Whether `events` hold the log of this sketch; never for an empty one. */
export function holdsLog(events: readonly BehaviourEvent[], sketch: readonly number[]): boolean {
  if (sketch.length === 0) return false;
  const wanted = new Set(sketch);
  const found = new Set(events.map(hashOf).filter((hash) => wanted.has(hash)));
  return found.size >= HELD * sketch.length;
}
