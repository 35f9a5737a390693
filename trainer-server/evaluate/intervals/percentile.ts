/** Percentile bootstrap (Efron 1979): simple, and too narrow where contributions are skewed. */

import { quantile, resample } from './clusters.ts';
import type { IntervalMethod } from './interval.ts';

export const percentile: IntervalMethod = {
  name: 'percentile',
  interval(sums, random, { level, resamples }) {
    const draws = resample(sums, random, resamples).value.sort();
    const tail = (1 - level) / 2;
    return { value: sums.value, low: quantile(draws, tail), high: quantile(draws, 1 - tail) };
  },
};
