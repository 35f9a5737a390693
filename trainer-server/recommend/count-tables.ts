/** All counted tables of a log. */

import type { PartTables } from '../../shared/recommend/parts.ts';
import {
  type CountingOptions,
  countBefore,
  countNext,
  countPopularity,
  countTogether,
} from './co-occurrence.ts';
import type { Trail } from './trails.ts';

export type CountedTables = Required<
  Pick<PartTables, 'rows' | 'popularity' | 'next' | 'before' | 'together'>
> & { [K in 'next' | 'before' | 'together']: NonNullable<PartTables[K]> };

/** Days after which a touch counts half towards popularity: what sells now, not what once did. */
const POPULARITY_HALF_LIFE = 30;

export function countTables(trails: readonly Trail[], rows: number, options: CountingOptions): CountedTables {
  const touches = countPopularity(trails, rows, POPULARITY_HALF_LIFE);
  // A tenth of a touch each, so that a product which nobody touched yet can still be shown, last.
  const total = touches.reduce((sum, x) => sum + x + 0.1, 0);
  return {
    rows,
    next: countNext(trails, rows, options),
    before: countBefore(trails, rows, options),
    together: countTogether(trails, rows, options),
    popularity: Float32Array.from(touches, (x) => (x + 0.1) / total),
  };
}
