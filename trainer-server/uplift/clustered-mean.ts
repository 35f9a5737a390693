/** The mean of weighted scores with an interval that knows that one visitor's decisions belong together. */

import { clusterSums, standardError } from '../evaluate/intervals/clusters.ts';
import type { Interval } from '../evaluate/intervals/interval.ts';
import { normalQuantile } from '../evaluate/intervals/normal.ts';

const Z95 = normalQuantile(0.975);

/**
 * sum(weight * value) / sum(weight), with the cluster-robust normal interval (Liang and Zeger 1986) of a ratio by
 * linearisation. NaN where no weight is positive; an interval without end where one visitor is all there is.
 */
export function clusteredMean(
  values: ArrayLike<number>,
  cluster: ArrayLike<number>,
  weight: (i: number) => number = () => 1,
): Interval {
  const counted = Array.from(values, (_, i) => i).filter((i) => weight(i) > 0);
  if (counted.length === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const sums = clusterSums(
    {
      part: Float64Array.from(counted, (i) => weight(i) * values[i]!),
      per: Float64Array.from(counted, weight),
    },
    counted.map((i) => cluster[i]!),
  );
  const error = sums.count < 2 ? Number.POSITIVE_INFINITY : standardError(sums);
  return { value: sums.value, low: sums.value - Z95 * error, high: sums.value + Z95 * error };
}
