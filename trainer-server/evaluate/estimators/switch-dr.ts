/**
 * Switch-DR (Wang, Agarwal and Dudik 2017, arXiv 1612.01205): corrects the model only where the importance weight is
 * below a threshold, which is tuned to the log.
 */

import type { Evidence } from '../evidence.ts';
import { type Contributions, type Estimator, meanOf } from './estimator.ts';
import { tunedThreshold } from './tuned-threshold.ts';

export const switchDr: Estimator = {
  name: 'switch-dr',
  contributions(evidence) {
    const { count, reward, fitted } = evidence;
    // The model's bias is not the largest residual, which is mostly noise: the root mean square is bound enough.
    const worst = Math.sqrt(reward.reduce((sum, r, i) => sum + (r - fitted[i]!) ** 2, 0) / count);
    const at = (i: number, threshold: number): number => switched(evidence, i, threshold);
    return switchedAt(
      evidence,
      tunedThreshold(evidence, at, (w, limit) => (w > limit ? w : 0), worst),
    );
  },
};

/** The estimate for a threshold given. */
export const switchedAt = (evidence: Evidence, threshold: number): Contributions =>
  meanOf(evidence.count, (i) => switched(evidence, i, threshold));

const switched = ({ direct, weight, reward, fitted }: Evidence, i: number, threshold: number): number =>
  direct[i]! + (weight[i]! <= threshold ? weight[i]! * (reward[i]! - fitted[i]!) : 0);
