/** Every interval method. To add one: a file beside this, a line here. */

import type { Random } from '../../../shared/random.ts';
import type { Contributions } from '../estimators/estimator.ts';
import { bca } from './bca.ts';
import { type ClusterSums, clusterSums } from './clusters.ts';
import { empiricalBernstein } from './empirical-bernstein.ts';
import type { Interval, IntervalMethod } from './interval.ts';
import { percentile } from './percentile.ts';
import { studentised } from './studentised.ts';

export const INTERVALS: readonly IntervalMethod[] = [studentised, bca, percentile, empiricalBernstein];

/** Visitors from which fewer resamples suffice: their t statistics are nearly normal by then. */
const MANY = 10_000;

/** (resamples + 1) * tail is whole for both, so that the ends are order statistics (Davison and Hinkley 1997, 2.6). */
export const resamplesFor = ({ count }: Pick<ClusterSums, 'count'>): number => (count > MANY ? 399 : 999);

/** An estimate with its interval over visitors. Equally seeded streams resample alike. */
export function intervalOf(
  contributions: Contributions,
  cluster: ArrayLike<number>,
  random: Random,
  { method = studentised, level = 0.95 }: { method?: IntervalMethod; level?: number } = {},
): Interval {
  const sums = clusterSums(contributions, cluster);
  return method.interval(sums, random, { level, resamples: resamplesFor(sums) });
}
