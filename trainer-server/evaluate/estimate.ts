/** Every estimator's word on a policy, or the reason why none is given. */

import type { Random } from '../../shared/random.ts';
import { effectiveSampleSize, largestWeight, meanWeight, overlapOf, visitorCount } from './diagnostics.ts';
import type { Estimator } from './estimators/estimator.ts';
import { ESTIMATORS } from './estimators/index.ts';
import type { Evidence } from './evidence.ts';
import { intervalOf } from './intervals/index.ts';
import type { Interval, IntervalMethod } from './intervals/interval.ts';
import { refusalOf, THRESHOLDS, type Thresholds, tooFew, weightsOff } from './thin.ts';

/** A line of `evaluate`. Value and interval are in the log's own unit, null where `refused` says why. */
export interface Estimate {
  estimator: string;
  value: number | null;
  low: number | null;
  high: number | null;
  /** Of this estimator's own weights. */
  ess: number;
  overlap: number;
  refused?: string;
  max_weight: number;
  mean_weight: number;
  decisions: number;
  visitors: number;
  /** What to bear in mind with the figure. */
  flags?: string[];
}

export interface EstimateOptions {
  thresholds?: Thresholds;
  method?: IntervalMethod;
  /** Why nothing may be estimated, where something outside the evidence forbids it. */
  refused?: string | undefined;
  flags?: readonly string[];
}

/** Mean weights this many standard errors from 1 are worth a word. */
const NOTICEABLE = 3;

export function estimatesOf(evidence: Evidence, random: Random, options: EstimateOptions = {}): Estimate[] {
  const { thresholds = THRESHOLDS } = options;
  const common = options.refused ?? refusalOf(evidence, thresholds);
  const flags = [...(options.flags ?? []), ...(common === undefined ? weightFlags(evidence) : [])];
  const of = {
    overlap: overlapOf(evidence),
    max_weight: largestWeight(evidence),
    mean_weight: evidence.count === 0 ? 0 : meanWeight(evidence).mean,
    decisions: evidence.count,
    visitors: visitorCount(evidence),
    ...(flags.length === 0 ? {} : { flags }),
  };
  return ESTIMATORS.map((estimator) => {
    const weight = ownWeights(estimator, evidence);
    const ess = effectiveSampleSize({ weight });
    const line = { estimator: estimator.name, ess };
    const refuse = (refused: string): Estimate => ({
      ...{ ...line, value: null, low: null, high: null },
      ...{ ...of, refused },
    });
    const refused = common ?? estimator.refusal?.(evidence) ?? thinWeights(estimator, evidence, thresholds);
    if (refused !== undefined) return refuse(refused);
    // The same stream for each, so that the estimators' intervals differ by the estimators alone.
    const interval = intervalFor(estimator, evidence, random.fork('interval'), options.method);
    if (!isBounded(interval)) return refuse('the decisions that count are too few to bound the value');
    return { ...line, ...interval, ...of };
  });
}

function intervalFor(
  { contributions }: Estimator,
  evidence: Evidence,
  random: Random,
  method: IntervalMethod | undefined,
): Interval {
  return intervalOf(contributions(evidence), evidence.cluster, random, method && { method });
}

const isBounded = ({ value, low, high }: Interval): boolean => [value, low, high].every(Number.isFinite);

function ownWeights(estimator: Estimator, evidence: Evidence): Float64Array {
  const usable = estimator.weight !== undefined && estimator.refusal?.(evidence) === undefined;
  return usable ? estimator.weight!(evidence) : evidence.weight;
}

/** Products of several weights spread faster than single ones: such an estimator may be alone in being too thin. */
function thinWeights(estimator: Estimator, evidence: Evidence, thresholds: Thresholds): string | undefined {
  if (estimator.weight === undefined) return undefined;
  const own = { ...evidence, weight: estimator.weight(evidence) };
  // Weights of slates may be negative, and then say nothing of what was tried.
  return tooFew(own, thresholds) ?? (own.weight.some((w) => w < 0) ? undefined : weightsOff(own, thresholds));
}

function weightFlags(evidence: Evidence): string[] {
  const { mean, error } = meanWeight(evidence);
  if (Math.abs(mean - 1) <= NOTICEABLE * error + 1e-9) return [];
  return [
    mean < 1
      ? `importance weights average ${mean.toFixed(3)}: ${(100 * (1 - mean)).toFixed(1)} % of this policy was not tried, or the propensities are too large`
      : `importance weights average ${mean.toFixed(3)} where 1 is expected: the propensities may be too small`,
  ];
}
