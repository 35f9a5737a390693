/** Intervals by resampling visitors. */

import type { Random } from '../../shared/random.ts';
import type { Contributions } from './estimators/estimator.ts';

export interface Interval {
  value: number;
  /** Ends of the 95 % interval. */
  low: number;
  high: number;
}

/**
 * The ratio sum(part) / sum(per) with a percentile interval (Efron 1979), drawing whole visitors with replacement,
 * because the decisions of one are not independent. Resamples draw from `random` alone, so two calls with equally
 * seeded streams resample alike and their figures can be paired.
 */
export function bootstrap(
  { part, per }: Contributions,
  cluster: Int32Array,
  random: Random,
  resamples = 400,
): Interval {
  const clusters = compact(cluster);
  const parts = new Float64Array(clusters.count);
  const pers = new Float64Array(clusters.count);
  for (let i = 0; i < part.length; i++) {
    parts[clusters.of[i]!]! += part[i]!;
    pers[clusters.of[i]!]! += per[i]!;
  }
  const value = ratio(total(parts), total(pers));
  const draws = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    let sum = 0;
    let count = 0;
    for (let k = 0; k < clusters.count; k++) {
      const at = random.int(clusters.count);
      sum += parts[at]!;
      count += pers[at]!;
    }
    draws[b] = ratio(sum, count);
  }
  draws.sort();
  return { value, low: quantile(draws, 0.025), high: quantile(draws, 0.975) };
}

/** Clusters renumbered from 0. */
function compact(cluster: Int32Array): { of: Int32Array; count: number } {
  const numbers = new Map<number, number>();
  const of = Int32Array.from(cluster, (number) => {
    if (!numbers.has(number)) numbers.set(number, numbers.size);
    return numbers.get(number)!;
  });
  return { of, count: numbers.size };
}

const total = (values: Float64Array): number => values.reduce((sum, x) => sum + x, 0);
const ratio = (part: number, per: number): number => (per === 0 ? 0 : part / per);

function quantile(ascending: Float64Array, q: number): number {
  const at = q * (ascending.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, ascending.length - 1);
  return ascending[below]! + (at - below) * (ascending[above]! - ascending[below]!);
}
