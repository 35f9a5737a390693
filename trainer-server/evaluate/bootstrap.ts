/** The percentile bootstrap, for comparing candidates where only their order matters. */

import type { Random } from '../../shared/random.ts';
import type { Contributions } from './estimators/estimator.ts';
import { clusterSums } from './intervals/clusters.ts';
import type { Interval } from './intervals/interval.ts';
import { percentile } from './intervals/percentile.ts';

export type { Interval };

/** 95 % interval over visitors. Calls with equally seeded streams resample alike, so their figures can be paired. */
export function bootstrap(
  contributions: Contributions,
  cluster: ArrayLike<number>,
  random: Random,
  resamples = 400,
): Interval {
  return percentile.interval(clusterSums(contributions, cluster), random, { level: 0.95, resamples });
}
