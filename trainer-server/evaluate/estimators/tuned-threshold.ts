/**
 * Where to cut importance weights: the threshold of least estimated mean squared error, bias taken at its worst
 * (Wang, Agarwal and Dudik 2017, arXiv 1612.01205, section 3.3). Cutting pays on short logs with a few huge weights;
 * on long ones the best threshold is none.
 */

import type { Evidence } from '../evidence.ts';
import { quantile } from '../intervals/clusters.ts';

/** Candidates: these quantiles of the weights above zero, and no cut at all. */
const QUANTILES = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.995];

/**
 * @param at what a decision contributes under a threshold
 * @param lost how much of a decision's weight a threshold leaves out
 * @param worst largest absolute reward (or error of the model) that the weight left out could have been multiplied by
 */
export function tunedThreshold(
  { count, weight }: Pick<Evidence, 'count' | 'weight'>,
  at: (i: number, threshold: number) => number,
  lost: (w: number, threshold: number) => number,
  worst: number,
): number {
  const positive = weight.filter((w) => w > 0).sort();
  if (positive.length === 0) return Number.POSITIVE_INFINITY;
  const candidates = [...new Set(QUANTILES.map((q) => quantile(positive, q)))];
  let best = { threshold: Number.POSITIVE_INFINITY, error: Number.POSITIVE_INFINITY };
  for (const threshold of [Number.POSITIVE_INFINITY, ...candidates.reverse()]) {
    let [sum, squares, dropped] = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      const x = at(i, threshold);
      sum += x;
      squares += x * x;
      dropped += lost(weight[i]!, threshold);
    }
    const variance = (squares / count - (sum / count) ** 2) / count;
    const bias = (worst * dropped) / count;
    const error = variance + bias * bias;
    if (error < best.error) best = { threshold, error };
  }
  return best.threshold;
}
