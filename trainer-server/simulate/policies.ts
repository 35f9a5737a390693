/** Policies that need no learning. */

import { NONE_ID } from '../../shared/promotion.ts';
import type { SimulatedPolicy } from './types.ts';

/** Every eligible promotion alike: the log that policies learn from. */
export const UNIFORM: SimulatedPolicy = {
  name: 'uniform',
  probabilities: async (requests) =>
    requests.map(({ eligible = [] }) => eligible.map(() => 1 / eligible.length)),
};

/** Always the same promotion; `none`, else whatever is first, where it is not eligible. */
export function fixedPolicy(promotion: string): SimulatedPolicy {
  return {
    name: promotion,
    probabilities: async (requests) =>
      requests.map(({ eligible = [] }) => {
        const at = Math.max(
          0,
          eligible.includes(promotion) ? eligible.indexOf(promotion) : eligible.indexOf(NONE_ID),
        );
        return oneHot(eligible.length, at);
      }),
  };
}

/** Certainty of one entry among `n`. */
export function oneHot(n: number, at: number): number[] {
  return Array.from({ length: n }, (_, i) => (i === at ? 1 : 0));
}
