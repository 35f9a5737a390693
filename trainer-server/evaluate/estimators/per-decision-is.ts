/**
 * Per-decision importance sampling (Precup, Sutton and Singh 2000): a reward is weighed by the probability ratios of
 * the decisions up to it, so that what a decision does to later ones counts.
 */

import { type Evidence, noSequence } from '../evidence.ts';
import { type Estimator, meanOf } from './estimator.ts';

/** Product of the importance weights of the trajectory's decisions up to this one, [n]. */
export function cumulativeWeights({ count, weight, sequence }: Evidence): Float64Array {
  const out = new Float64Array(count);
  // A decision's predecessor stands before it: the log is in time order.
  for (let i = 0; i < count; i++) {
    const before = sequence!.previous[i]!;
    out[i] = (before < 0 ? 1 : out[before]!) * weight[i]!;
  }
  return out;
}

export const perDecisionIs: Estimator = {
  name: 'per-decision-is',
  refusal: noSequence,
  weight: cumulativeWeights,
  contributions(evidence) {
    const rho = cumulativeWeights(evidence);
    return meanOf(evidence.count, (i) => rho[i]! * evidence.reward[i]!);
  },
};
