/** The evidence gate: no release goes out unless held-out decisions say that it is better. */

import type { FeatureSpec } from '../../shared/features/spec.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { NONE_ID } from '../../shared/promotion.ts';
import { hash32, type Random } from '../../shared/random.ts';
import type { Dataset } from '../dataset/load.ts';
import { type PolicyData, policyData } from '../policy/policy-data.ts';
import { surroundingsOf } from '../policy/prepare.ts';
import { propensitiesOf } from '../policy/propensity.ts';
import { rewardedDecisions } from '../policy/rewards.ts';
import type { SimulatedPolicy } from '../simulate/index.ts';
import { type BasePolicy, baseContributions, runningRelease, showNothing } from './base-policy.ts';
import { doublyRobust } from './estimators/doubly-robust.ts';
import { evidenceOf, probabilityRows } from './evidence.ts';
import { describeRail, guardRails, type Rail } from './guard-rails.ts';
import { clusterSums, standardError } from './intervals/clusters.ts';
import { normalQuantile } from './intervals/normal.ts';
import { studentised } from './intervals/studentised.ts';
import { propensityProblem, untriedBy } from './propensity-check.ts';
import { crossFittedRewards } from './reward-model.ts';
import { refusalOf, THRESHOLDS } from './thin.ts';
import { levelOfTry } from './tries.ts';

export type Verdict = NonNullable<Manifest['verdict']>;

/** Share of visitors kept from training so that a release can be judged on shoppers it never saw. */
export const JUDGE_SHARE = 0.2;
/** What a refresh of the catalogue alone may lose, as a share of the running policy's value. */
const REFRESH_TOLERANCE = 0.01;
/** Chance of seeing an effect as large as the minimum detectable one. */
const POWER = 0.8;

export interface Judging {
  /** Decisions of visitors that training never saw: see splitForGate. */
  dataset: Pick<Dataset, 'decisions' | 'events' | 'products' | 'promotions' | 'shop'>;
  /** For the reward model's features. */
  spec: FeatureSpec;
  /** Over the quantized files, as it would be published. */
  candidate: SimulatedPolicy;
  /** Undefined for a first release, which must beat `none`. */
  running?: SimulatedPolicy;
  /** True where only catalogue and tables are new. */
  refresh?: boolean;
  /** Which candidate this is on these decisions: see levelOfTry. */
  tries?: number;
  random: Random;
}

/** All of a visitor's decisions fall on one side, by a hash, so the split stays when the log grows. */
export function isJudged(visitor: string): boolean {
  return hash32(visitor, 0x5f3759df) / 2 ** 32 < JUDGE_SHARE;
}

/** The decisions to train on and those to judge on, with their places in the dataset. */
export function splitForGate<T extends { visitor: string }>(
  decisions: readonly T[],
): { train: number[]; judge: number[] } {
  const places = { train: [] as number[], judge: [] as number[] };
  decisions.forEach(({ visitor }, i) => {
    places[isJudged(visitor) ? 'judge' : 'train'].push(i);
  });
  return places;
}

/**
 * Doubly robust paired difference of candidate and running policy, with an interval over visitors. It ships where the
 * lower end is above zero (a refresh: above minus one per cent of the running policy's value) and every guard-rail holds.
 */
export async function judge(judging: Judging): Promise<Verdict> {
  const { dataset, spec, candidate, running } = judging;
  const { decisions } = rewardedDecisions(dataset);
  const against = running?.name ?? NONE_ID;
  if (decisions.length === 0) {
    const reason = 'no held-out decision has a reward: nothing can be judged';
    return { shipped: false, against, reasons: [reason] };
  }
  const data = policyData(decisions, surroundingsOf(dataset, spec));
  const { propensity, estimated } = propensitiesOf(data);
  const target = await probabilityRows(candidate, decisions, data);
  const base =
    running === undefined
      ? showNothing(data)
      : runningRelease(await probabilityRows(running, decisions, data), data);
  const { promotions, shop } = dataset;
  const limits = shop.guard_rails ?? {};
  return verdictOn({
    ...{ data, target, base, propensity, against },
    ...{ refresh: judging.refresh ?? false, tries: judging.tries ?? 1, random: judging.random },
    rails: guardRails({ data, decisions, promotions, target, propensity, limits }),
    notes: estimated === 0 ? [] : [`${estimated} of ${data.count} propensities are estimates`],
  });
}

export interface Comparison {
  data: PolicyData;
  /** Probabilities of the candidate, [rows]. */
  target: Float64Array;
  base: BasePolicy;
  propensity: Float64Array;
  against: string;
  refresh: boolean;
  tries: number;
  rails: readonly Rail[];
  /** To be said with the verdict. */
  notes: readonly string[];
  random: Random;
}

/** The verdict on a comparison that is all numbers. */
export function verdictOn(comparison: Comparison): Verdict {
  const { data, target, base, propensity, against, notes } = comparison;
  const refused = (reason: string): Verdict => ({ shipped: false, against, reasons: [reason, ...notes] });
  const railWords = comparison.rails.map(describeRail);
  const broken = comparison.rails.filter(({ held }) => !held).map(describeRail);
  if (isSame(target, base)) {
    const same = `decides exactly as ${against} does on ${data.count} held-out decisions`;
    const reasons = [same, ...railWords, ...notes];
    return { shipped: broken.length === 0, against, value: 0, low: 0, high: 0, reasons };
  }
  const modelled = crossFittedRewards(data);
  const evidence = evidenceOf(data, target, modelled, propensity);
  const thin = propensityProblem(data, propensity) ?? untriedWords(data, target) ?? refusalOf(evidence);
  if (thin !== undefined) return refused(thin);
  const ours = doublyRobust.contributions(evidence);
  const theirs = baseContributions(base, data, modelled, propensity);
  const difference = { part: ours.part.map((x, i) => x - theirs.part[i]!), per: ours.per };
  const sums = clusterSums(difference, data.visitor);
  const alpha = levelOfTry(comparison.tries);
  const options = { level: 1 - 2 * alpha, resamples: resamplesAt(alpha) };
  const { value, low, high } = studentised.interval(sums, comparison.random.fork('gate'), options);
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    return refused('the decisions that tell the two apart are too few to bound the difference');
  }
  const detectable = (normalQuantile(1 - alpha) + normalQuantile(POWER)) * standardError(sums);
  const runningValue = theirs.part.reduce((sum, x) => sum + x, 0) / data.count;
  const bar = comparison.refresh ? -REFRESH_TOLERANCE * Math.abs(runningValue) : 0;
  const shipped = low > bar && broken.length === 0;
  const level = `${(100 * options.level).toPrecision(3)} %`;
  return {
    ...{ shipped, against, value, low, high },
    ...{ minimumDetectableEffect: detectable, tries: comparison.tries },
    reasons: [
      `${signed(value)} a decision against ${against}, ${level} interval ${signed(low)} to ${signed(high)}, ${data.count} held-out decisions`,
      `the lower end ${low > bar ? 'is' : 'must be'} above ${bar.toPrecision(3)}`,
      `with these decisions a gain below ${detectable.toPrecision(3)} a decision would mostly go unseen`,
      ...(comparison.tries > 1
        ? [`candidate ${comparison.tries} on these decisions: each further one must be surer`]
        : []),
      ...railWords,
      ...notes,
    ],
  };
}

const isSame = (target: Float64Array, base: BasePolicy): boolean =>
  base.isLogged.every((logged) => logged === 0) &&
  target.every((p, row) => Math.abs(p - base.rows[row]!) < 1e-9);

function untriedWords(data: PolicyData, target: Float64Array): string | undefined {
  const { share, promotions } = untriedBy(data, target);
  return share > 1 - THRESHOLDS.overlap
    ? `${(100 * share).toFixed(0)} % of it is on promotions that the log never took (${promotions.slice(0, 5).join(', ')})`
    : undefined;
}

/** Enough for ten draws in the tail, within what can be waited for. */
const resamplesAt = (alpha: number): number => Math.min(9999, Math.max(999, Math.ceil(10 / alpha) - 1));

const signed = (x: number): string => `${x < 0 ? '-' : '+'}${Math.abs(x).toPrecision(4)}`;
