/** An estimate as sums by visitor: what every interval resamples, because decisions of one visitor are not independent. */

import type { Random } from '../../../shared/random.ts';
import type { Contributions } from '../estimators/estimator.ts';

/** The estimate is sum(part) / sum(per); entry k of each array belongs to visitor k. */
export interface ClusterSums {
  count: number;
  part: Float64Array;
  per: Float64Array;
  value: number;
}

export function clusterSums({ part, per }: Contributions, cluster: ArrayLike<number>): ClusterSums {
  const numbers = new Map<number, number>();
  const of = Int32Array.from(cluster, (number) => {
    const known = numbers.get(number);
    if (known !== undefined) return known;
    numbers.set(number, numbers.size);
    return numbers.size - 1;
  });
  const sums: ClusterSums = {
    count: numbers.size,
    part: new Float64Array(numbers.size),
    per: new Float64Array(numbers.size),
    value: 0,
  };
  for (let i = 0; i < part.length; i++) {
    sums.part[of[i]!]! += part[i]!;
    sums.per[of[i]!]! += per[i]!;
  }
  sums.value = ratio(total(sums.part), total(sums.per));
  return sums;
}

/** What each visitor moves the estimate by, [count]: the linearised ratio. Sums to zero. */
export function influenceOf({ count, part, per, value }: ClusterSums): Float64Array {
  const mean = total(per) / count;
  return part.map((x, k) => (mean === 0 ? 0 : (x - value * per[k]!) / mean));
}

/** Standard error of the estimate over visitors, by linearisation. */
export function standardError(sums: ClusterSums): number {
  if (sums.count < 2) return Number.NaN;
  const squares = influenceOf(sums).reduce((sum, u) => sum + u * u, 0);
  return Math.sqrt(squares / (sums.count * (sums.count - 1)));
}

/** Estimates and their standard errors on visitors drawn with replacement. */
export interface Resamples {
  value: Float64Array;
  error: Float64Array;
}

export function resample({ count, part, per }: ClusterSums, random: Random, resamples: number): Resamples {
  const out: Resamples = { value: new Float64Array(resamples), error: new Float64Array(resamples) };
  for (let b = 0; b < resamples; b++) {
    let [x, n, xx, xn, nn] = [0, 0, 0, 0, 0];
    for (let k = 0; k < count; k++) {
      const at = random.int(count);
      const p = part[at]!;
      const q = per[at]!;
      x += p;
      n += q;
      xx += p * p;
      xn += p * q;
      nn += q * q;
    }
    const value = ratio(x, n);
    const squares = Math.max(0, xx - 2 * value * xn + value * value * nn);
    out.value[b] = value;
    out.error[b] = n === 0 ? 0 : Math.sqrt((squares * count) / (count - 1)) / Math.abs(n);
  }
  return out;
}

/** Linear interpolation between order statistics. */
export function quantile(ascending: ArrayLike<number>, q: number): number {
  const at = Math.min(1, Math.max(0, q)) * (ascending.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, ascending.length - 1);
  const low = ascending[below]!;
  // Not low + share * (high - low): infinite order statistics must not become NaN.
  return at === below ? low : (1 - (at - below)) * low + (at - below) * ascending[above]!;
}

const total = (values: Float64Array): number => values.reduce((sum, x) => sum + x, 0);
const ratio = (part: number, per: number): number => (per === 0 ? 0 : part / per);
