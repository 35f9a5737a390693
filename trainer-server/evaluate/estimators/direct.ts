/** Direct method: the reward model's word, low variance and as biased as the model. */

import { type Estimator, meanOf } from './estimator.ts';

export const direct: Estimator = {
  name: 'dm',
  contributions: ({ count, direct }) => meanOf(count, (i) => direct[i]!),
};
