/** When the evidence does not allow a figure. */

import {
  effectiveOutcomes,
  effectiveSampleSize,
  effectiveVisitors,
  informativeCount,
  meanWeight,
  overlapOf,
  visitorCount,
} from './diagnostics.ts';
import type { Evidence } from './evidence.ts';

export interface Thresholds {
  /** Effective sample size below which nothing is estimated. */
  ess: number;
  /** Fewest visitors, plain and effective: intervals draw visitors, and fail with few (Cameron et al. 2008). */
  visitors: number;
  /** Least share of the target policy that the log must have tried: an estimator may be off by the rest. */
  overlap: number;
  /** Least number of decisions with weight whose reward is not the commonest one: below it, intervals collapse. */
  informative: number;
  /** Least effective number of outcomes: where one or two carry the sum, the next log may hold none or four. */
  outcomes: number;
  /** Largest mean importance weight: more means that the propensities cannot be what was logged with. */
  meanWeight: number;
}

export const THRESHOLDS: Thresholds = {
  ess: 50,
  visitors: 30,
  overlap: 0.9,
  informative: 8,
  outcomes: 3,
  meanWeight: 1.1,
};

/** How many standard errors off a mean weight must be: logs of honest propensities must hardly ever be refused. */
const SURE = 4;

/** Why no estimate may be given, in words; undefined where one may. */
export function refusalOf(evidence: Evidence, thresholds: Thresholds = THRESHOLDS): string | undefined {
  if (evidence.count === 0) return 'no decision of the log has a reward';
  return brokenNumber(evidence) ?? tooFew(evidence, thresholds) ?? weightsOff(evidence, thresholds);
}

function brokenNumber({ weight, reward }: Evidence): string | undefined {
  const heavy = weight.findIndex((w) => !Number.isFinite(w) || w < 0);
  if (heavy >= 0) return `decision ${heavy}: the weight is ${weight[heavy]}, not a number from 0`;
  const odd = reward.findIndex((r) => !Number.isFinite(r));
  return odd < 0 ? undefined : `decision ${odd}: the reward is ${reward[odd]}, not a number`;
}

/** Too few decisions or visitors, effective or plain. */
export function tooFew(evidence: Evidence, thresholds: Thresholds): string | undefined {
  const ess = effectiveSampleSize(evidence);
  if (ess < thresholds.ess) {
    return `effective sample size ${ess.toFixed(1)} is below ${thresholds.ess}: the log hardly ever did what this policy does`;
  }
  const visitors = visitorCount(evidence);
  if (visitors < thresholds.visitors) {
    return `only ${visitors} visitors (at least ${thresholds.visitors} needed): no interval can be drawn from so few`;
  }
  const effective = effectiveVisitors(evidence);
  if (effective < thresholds.visitors) {
    return `a few of the ${visitors} visitors carry the estimate, as if there were ${effective.toFixed(1)} (at least ${thresholds.visitors} needed)`;
  }
  const informative = informativeCount(evidence);
  if (informative < thresholds.informative) {
    return `only ${informative} decisions that this policy could have made had an outcome of their own (at least ${thresholds.informative} needed)`;
  }
  const outcomes = effectiveOutcomes(evidence);
  // Not "below": outcomes too large to be subtracted from one another give no number at all.
  return outcomes >= thresholds.outcomes
    ? undefined
    : `one or two outcomes carry the estimate, as if there were ${outcomes.toFixed(1)} (at least ${thresholds.outcomes} needed): look whether they are right`;
}

/** Weights that do not average one. */
export function weightsOff(evidence: Evidence, thresholds: Thresholds): string | undefined {
  const { mean, error } = meanWeight(evidence);
  const overlap = overlapOf(evidence);
  if (overlap + SURE * error < thresholds.overlap) {
    return `only ${(100 * overlap).toFixed(0)} % of what this policy does was ever tried by the log (at least ${100 * thresholds.overlap} % needed), or its propensities are too large`;
  }
  return mean - SURE * error > thresholds.meanWeight
    ? `importance weights average ${mean.toFixed(2)} where 1 is expected: the propensities, logged or estimated, cannot be right`
    : undefined;
}
