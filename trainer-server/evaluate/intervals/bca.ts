/**
 * Bias-corrected and accelerated bootstrap (Efron 1987, "Better bootstrap confidence intervals", equation 2.3), the
 * acceleration from the jackknife's influence values (equation 6.6).
 */

import { influenceOf, quantile, resample } from './clusters.ts';
import type { IntervalMethod } from './interval.ts';
import { normalCdf, normalQuantile } from './normal.ts';

export const bca: IntervalMethod = {
  name: 'bca',
  interval(sums, random, { level, resamples }) {
    const draws = resample(sums, random, resamples).value.sort();
    // Ties count half: a lattice of few outcomes would otherwise shift the bias correction.
    let below = 0;
    for (const draw of draws) below += draw < sums.value ? 1 : draw === sums.value ? 0.5 : 0;
    const share = Math.min(1 - 0.5 / resamples, Math.max(0.5 / resamples, below / resamples));
    const bias = normalQuantile(share);
    const u = influenceOf(sums);
    const squares = u.reduce((sum, x) => sum + x * x, 0);
    const cubes = u.reduce((sum, x) => sum + x * x * x, 0);
    const acceleration = squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
    const end = (z: number): number => {
      const moved = bias + z;
      return quantile(draws, normalCdf(bias + moved / (1 - acceleration * moved)));
    };
    const z = normalQuantile((1 + level) / 2);
    return { value: sums.value, low: end(-z), high: end(z) };
  },
};
