/** The mean of weighted scores with an interval that knows that one visitor's decisions belong together. */

import type { Interval } from '../evaluate/bootstrap.ts';

/** Two-sided 95 % of the normal distribution. */
const Z95 = 1.959963984540054;

/**
 * sum(weight * value) / sum(weight), with the cluster-robust normal interval (Liang and Zeger 1986) of a ratio by
 * linearisation. NaN where no weight is positive; an interval without end where one visitor is all there is.
 */
export function clusteredMean(
  values: ArrayLike<number>,
  cluster: ArrayLike<number>,
  weight: (i: number) => number = () => 1,
): Interval {
  let total = 0;
  let mass = 0;
  for (let i = 0; i < values.length; i++) {
    total += weight(i) * values[i]!;
    mass += weight(i);
  }
  const value = total / mass;
  const residuals = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    if (weight(i) === 0) continue;
    residuals.set(cluster[i]!, (residuals.get(cluster[i]!) ?? 0) + weight(i) * (values[i]! - value));
  }
  const count = residuals.size;
  let squares = 0;
  for (const residual of residuals.values()) squares += residual * residual;
  const error = count < 2 ? Number.POSITIVE_INFINITY : Math.sqrt((squares * count) / (count - 1)) / mass;
  return { value, low: value - Z95 * error, high: value + Z95 * error };
}
