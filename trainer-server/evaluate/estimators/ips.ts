/** Inverse propensity scoring (Horvitz and Thompson 1952): unbiased, high variance. */

import { type Estimator, meanOf } from './estimator.ts';

export const ips: Estimator = {
  name: 'ips',
  contributions: ({ count, weight, reward }) => meanOf(count, (i) => weight[i]! * reward[i]!),
};
