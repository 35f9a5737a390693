/**
 * Pseudo-inverse estimator for slates (Swaminathan et al. 2017, arXiv 1605.04812, equation 6): several slots decided at
 * one moment, their common reward a sum of what each slot adds. Where the slots were drawn independently, as here, the
 * weight of a slate is the sum of its slots' importance weights, less the number of slots, plus one.
 */

import type { Evidence } from '../evidence.ts';
import { type Estimator, meanOf } from './estimator.ts';

/** Every decision gets the weight of its slate, [n]. */
function slateWeights({ count, weight, slate }: Evidence): Float64Array {
  const sums = new Map<number, number>();
  for (let i = 0; i < count; i++) sums.set(slate![i]!, (sums.get(slate![i]!) ?? 1) + weight[i]! - 1);
  return Float64Array.from({ length: count }, (_, i) => sums.get(slate![i]!)!);
}

export const slatePi: Estimator = {
  name: 'slate-pi',
  refusal: ({ slate }) =>
    slate === undefined ? 'it is not known which slots were decided together' : undefined,
  weight: slateWeights,
  contributions(evidence) {
    const weights = slateWeights(evidence);
    return meanOf(evidence.count, (i) => weights[i]! * evidence.reward[i]!);
  },
};
