/** All counted tables of a log. */

import type { PartTables } from '../../shared/recommend/parts.ts';
import {
  type CountingOptions,
  countBefore,
  countNext,
  countPopularity,
  countTogether,
  type Places,
  placesByRow,
} from './co-occurrence.ts';
import type { Trail } from './trails.ts';

export type CountedTables = Required<
  Pick<PartTables, 'rows' | 'popularity' | 'next' | 'before' | 'together'>
> & { [K in 'next' | 'before' | 'together']: NonNullable<PartTables[K]> };

/** Days after which a touch counts half towards popularity: what sells now, not what once did. */
const POPULARITY_HALF_LIFE = 30;

/**
 * Neighbours of a relation over the whole catalogue, so that 20,000 products stay under 3 MB on a device, vectors
 * included. On Diginetica's 43,097 products 16 instead of 48 neighbours cost 0.8 points of P@20 on products new to the
 * session, 24 cost 0.4. `together` gets half: beside the ordered relations it adds least.
 */
const ENTRIES = 320_000;
const LEAST_WIDTH = 16;

/** @param places of `trails`, for who counts them more than once */
export function countTables(
  trails: readonly Trail[],
  rows: number,
  given: CountingOptions,
  places: Places = placesByRow(trails, rows),
): CountedTables {
  const room = Math.max(LEAST_WIDTH, Math.floor(ENTRIES / rows));
  const options = { ...given, width: Math.min(given.width, room) };
  const half = { ...options, width: Math.min(given.width, Math.ceil(room / 2)) };
  const touches = countPopularity(trails, rows, POPULARITY_HALF_LIFE);
  // A tenth of a touch each, so that a product which nobody touched yet can still be shown, last.
  const total = touches.reduce((sum, x) => sum + x + 0.1, 0);
  return {
    rows,
    next: countNext(trails, rows, options, places),
    before: countBefore(trails, rows, options, places),
    together: countTogether(trails, rows, half, places),
    popularity: Float32Array.from(touches, (x) => (x + 0.1) / total),
  };
}
