/**
 * Doubly robust over several decisions (Jiang and Li 2016, arXiv 1511.03722, equation 10, unrolled): the modelled
 * return, corrected at each decision by what its reward and the next modelled return add to it.
 */

import { noSequence } from '../evidence.ts';
import { type Estimator, meanOf } from './estimator.ts';
import { cumulativeWeights } from './per-decision-is.ts';

export const drPerDecision: Estimator = {
  name: 'dr-per-decision',
  refusal: noSequence,
  weight: cumulativeWeights,
  contributions(evidence) {
    const { count, reward, sequence } = evidence;
    const { previous, direct, fitted } = sequence!;
    const rho = cumulativeWeights(evidence);
    return meanOf(count, (i) => {
      const before = previous[i]! < 0 ? 1 : rho[previous[i]!]!;
      return before * direct[i]! + rho[i]! * (reward[i]! - fitted[i]!);
    });
  },
};
