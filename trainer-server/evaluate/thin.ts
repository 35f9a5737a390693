/** When the evidence does not allow a figure. */

import { type Evidence, effectiveSampleSize, overlapOf } from './evidence.ts';

export interface Thresholds {
  /** Effective sample size below which nothing is estimated. */
  ess: number;
  /** Least share of the target policy that the log must have tried. */
  overlap: number;
  /** Least number of decisions with weight whose reward is not the commonest one: below it, intervals collapse. */
  informative: number;
  /** Largest mean importance weight: more means that the propensities cannot be what was logged with. */
  meanWeight: number;
}

export const THRESHOLDS: Thresholds = { ess: 50, overlap: 0.8, informative: 8, meanWeight: 1.5 };

/** Why no estimate may be given, in words; undefined where one may. */
export function refusalOf(evidence: Evidence, thresholds: Thresholds = THRESHOLDS): string | undefined {
  if (evidence.count === 0) return 'no decision of the log has a reward';
  const broken = evidence.weight.findIndex((w) => !Number.isFinite(w) || w < 0);
  if (broken >= 0) return `decision ${broken}: the weight is ${evidence.weight[broken]}, not a number from 0`;
  const ess = effectiveSampleSize(evidence);
  if (ess < thresholds.ess) {
    return `effective sample size ${ess.toFixed(1)} is below ${thresholds.ess}: the log hardly ever did what this policy does`;
  }
  const { mean, error } = meanWeight(evidence);
  const overlap = overlapOf(evidence);
  if (overlap + 3 * error < thresholds.overlap) {
    return `only ${(100 * overlap).toFixed(0)} % of what this policy does was ever tried by the log (at least ${100 * thresholds.overlap} % needed)`;
  }
  if (mean - 3 * error > thresholds.meanWeight) {
    return `importance weights average ${mean.toFixed(2)} where 1 is expected: the logged propensities cannot be right`;
  }
  const informative = informativeCount(evidence);
  if (informative < thresholds.informative) {
    return `only ${informative} decisions that this policy could have made had an outcome of their own (at least ${thresholds.informative} needed)`;
  }
  return undefined;
}

function meanWeight({ weight, count }: Evidence): { mean: number; error: number } {
  const mean = weight.reduce((sum, w) => sum + w, 0) / count;
  const variance = weight.reduce((sum, w) => sum + (w - mean) ** 2, 0) / Math.max(1, count - 1);
  return { mean, error: Math.sqrt(variance / count) };
}

/** Decisions with weight whose reward differs from the commonest reward (in most logs: 0, nothing bought). */
function informativeCount({ weight, reward }: Evidence): number {
  const counts = new Map<number, number>();
  let weighed = 0;
  reward.forEach((r, i) => {
    if (weight[i] === 0) return;
    weighed++;
    counts.set(r, (counts.get(r) ?? 0) + 1);
  });
  return weighed - Math.max(0, ...counts.values());
}
