/** Trajectory-wise importance sampling: a whole session's rewards by the probability ratio of all its decisions. */

import { type Evidence, noSequence } from '../evidence.ts';
import { type Estimator, meanOf } from './estimator.ts';
import { cumulativeWeights } from './per-decision-is.ts';

/** Every decision gets the product of its whole trajectory, [n]. */
function trajectoryWeights(evidence: Evidence): Float64Array {
  const { previous } = evidence.sequence!;
  const out = cumulativeWeights(evidence);
  for (let i = evidence.count - 1; i >= 0; i--) if (previous[i]! >= 0) out[previous[i]!] = out[i]!;
  return out;
}

export const trajectoryIs: Estimator = {
  name: 'trajectory-is',
  refusal: noSequence,
  weight: trajectoryWeights,
  contributions(evidence) {
    const rho = trajectoryWeights(evidence);
    return meanOf(evidence.count, (i) => rho[i]! * evidence.reward[i]!);
  },
};
