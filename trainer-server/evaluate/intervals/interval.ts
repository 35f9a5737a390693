/** What an interval method is: a file each, a registry in index.ts. */

import type { Random } from '../../../shared/random.ts';
import type { ClusterSums } from './clusters.ts';

export interface Interval {
  value: number;
  /** Ends of the interval; infinite where the evidence does not bound it. */
  low: number;
  high: number;
}

export interface IntervalOptions {
  /** Share of intervals that are to hold the truth. */
  level: number;
  resamples: number;
}

export interface IntervalMethod {
  name: string;
  interval(sums: ClusterSums, random: Random, options: IntervalOptions): Interval;
}
