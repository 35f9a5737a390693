/** Self-normalised IPS (Swaminathan and Joachims 2015): consistent, and equivariant to adding a constant reward. */

import type { Estimator } from './estimator.ts';

export const snips: Estimator = {
  name: 'snips',
  contributions: ({ weight, reward }) => ({
    part: weight.map((w, i) => w * reward[i]!),
    per: weight,
  }),
};
