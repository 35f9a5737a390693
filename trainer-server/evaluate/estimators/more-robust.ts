/**
 * More robust doubly robust (Farajtabar, Chow and Ghavamzadeh 2018, arXiv 1802.03493): DR whose reward model was
 * fitted to make the variance of DR small rather than its own error.
 */

import { type Estimator, meanOf } from './estimator.ts';

export const moreRobust: Estimator = {
  name: 'mrdr',
  refusal: ({ robust }) => (robust === undefined ? 'no reward model was fitted for it' : undefined),
  contributions: ({ count, weight, reward, robust }) =>
    meanOf(count, (i) => robust!.direct[i]! + weight[i]! * (reward[i]! - robust!.fitted[i]!)),
};
