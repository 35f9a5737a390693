/**
 * Empirical Bernstein bound (Maurer and Pontil 2009, theorem 4), both sides: holds for every sample size where the
 * contributions are bounded, and is therefore wide. The bound taken is the range that was observed, so that it is a
 * guarantee for clipped estimators and bounded rewards, and else only as good as that range.
 */

import { influenceOf } from './clusters.ts';
import type { IntervalMethod } from './interval.ts';

export const empiricalBernstein: IntervalMethod = {
  name: 'bernstein',
  interval(sums, _random, { level }) {
    const { count, value } = sums;
    const u = influenceOf(sums);
    const variance = u.reduce((sum, x) => sum + x * x, 0) / Math.max(1, count - 1);
    const range = u.reduce((most, x) => Math.max(most, x), 0) - u.reduce((least, x) => Math.min(least, x), 0);
    // Two one-sided bounds, each of failure probability (1 - level) / 2.
    const log = Math.log(4 / (1 - level));
    const reach = Math.sqrt((2 * variance * log) / count) + (7 * range * log) / (3 * Math.max(1, count - 1));
    return { value, low: value - reach, high: value + reach };
  },
};
