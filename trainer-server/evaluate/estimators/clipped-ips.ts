/** IPS with weights cut (Ionides 2008, "Truncated importance sampling"), the cut tuned to the log. */

import { type Estimator, meanOf } from './estimator.ts';
import { tunedThreshold } from './tuned-threshold.ts';

export const clippedIps: Estimator = {
  name: 'clipped-ips',
  contributions(evidence) {
    const { count, weight, reward } = evidence;
    const at = (i: number, cut: number): number => Math.min(cut, weight[i]!) * reward[i]!;
    const worst = reward.reduce((most, r) => Math.max(most, Math.abs(r)), 0);
    const cut = tunedThreshold(evidence, at, (w, threshold) => Math.max(0, w - threshold), worst);
    return meanOf(count, (i) => at(i, cut));
  },
};
