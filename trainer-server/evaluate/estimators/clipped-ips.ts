/** IPS with weights cut at the square root of the sample size (Ionides 2008, "Truncated importance sampling"). */

import { type Estimator, meanOf } from './estimator.ts';

export const clippedIps: Estimator = {
  name: 'clipped-ips',
  contributions({ count, weight, reward }) {
    const cap = Math.sqrt(count);
    return meanOf(count, (i) => Math.min(cap, weight[i]!) * reward[i]!);
  },
};
