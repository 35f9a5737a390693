/** Doubly robust (Dudik, Langford and Li 2011, arXiv 1103.4601): the model, corrected where the log disagrees. */

import { type Estimator, meanOf } from './estimator.ts';

export const doublyRobust: Estimator = {
  name: 'dr',
  contributions: ({ count, direct, weight, reward, fitted }) =>
    meanOf(count, (i) => direct[i]! + weight[i]! * (reward[i]! - fitted[i]!)),
};
