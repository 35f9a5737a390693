/**
 * Studentised bootstrap, the bootstrap-t (Hall 1988, "Theoretical comparison of bootstrap confidence intervals"):
 * second-order right for skewed contributions, which importance weights and rare orders are, and of all methods here
 * the one that covers best on small and heavy-tailed logs (see README.md). The default.
 */

import { quantile, resample, standardError } from './clusters.ts';
import type { IntervalMethod } from './interval.ts';

export const studentised: IntervalMethod = {
  name: 'studentised',
  interval(sums, random, { level, resamples }) {
    const { value } = sums;
    const error = standardError(sums);
    const draws = resample(sums, random, resamples);
    const t = draws.value.map((draw, b) => {
      const distance = draw - value;
      // A resample without spread says nothing of its own error: as far away as can be, which widens.
      return distance === 0 ? 0 : distance / draws.error[b]!;
    });
    t.sort();
    const tail = (1 - level) / 2;
    const end = (q: number): number => (error === 0 ? value : value - quantile(t, q) * error);
    // On a handful of visitors all t may lie on one side: the estimate itself still belongs to its interval.
    return { value, low: Math.min(value, end(1 - tail)), high: Math.max(value, end(tail)) };
  },
};
