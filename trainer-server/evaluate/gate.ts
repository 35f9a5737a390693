/** The evidence gate: no release goes out unless held-out decisions say that it is better. */

import type { FeatureSpec } from '../../shared/features/spec.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { NONE_ID } from '../../shared/promotion.ts';
import { hash32, type Random } from '../../shared/random.ts';
import type { Dataset } from '../dataset/load.ts';
import { type PolicyData, policyData, type RewardedDecision } from '../policy/policy-data.ts';
import { propensitiesOf } from '../policy/propensity.ts';
import { rewardedDecisions } from '../policy/rewards.ts';
import { surroundingsOf } from '../policy/train-policy.ts';
import type { SimulatedPolicy } from '../simulate/index.ts';
import { bootstrap } from './bootstrap.ts';
import { doublyRobust } from './estimators/doubly-robust.ts';
import type { Contributions } from './estimators/estimator.ts';
import { evidenceOf, probabilityRows } from './evidence.ts';
import { crossFittedRewards } from './reward-model.ts';
import { refusalOf } from './thin.ts';

export type Verdict = NonNullable<Manifest['verdict']>;

/** Share of visitors kept from training so that a release can be judged on shoppers it never saw. */
export const JUDGE_SHARE = 0.2;
/** What a refresh of the catalogue alone may lose, as a share of the running policy's value. */
const REFRESH_TOLERANCE = 0.01;

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
 * Doubly robust paired difference of candidate and running policy, with a 95 % interval over visitors. It ships where
 * the interval's lower end is above zero; a refresh, above minus one per cent of the running policy's value.
 */
export async function judge(judging: Judging): Promise<Verdict> {
  const { dataset, spec, candidate, running, refresh = false } = judging;
  const { decisions } = rewardedDecisions(dataset);
  const against = running?.name ?? NONE_ID;
  const refused = (reason: string): Verdict => ({ shipped: false, against, reasons: [reason] });
  if (decisions.length === 0) return refused('no held-out decision has a reward: nothing can be judged');
  const data = policyData(decisions, surroundingsOf(dataset, spec));
  const { propensity, estimated } = propensitiesOf(data);
  const target = await probabilityRows(candidate, decisions, data);
  const base = running === undefined ? noneBase(data) : await baseOf(running, decisions, data);
  const notes = estimated === 0 ? [] : [`${estimated} of ${data.count} propensities are estimates`];
  if (target.every((p, row) => Math.abs(p - base.rows[row]!) < 1e-9) && base.logged === 0) {
    const same = `decides exactly as ${against} does on ${data.count} held-out decisions`;
    return { shipped: true, against, value: 0, low: 0, high: 0, reasons: [same, ...notes] };
  }
  const modelled = crossFittedRewards(data);
  const evidence = evidenceOf(data, target, modelled, propensity);
  const thin = refusalOf(evidence);
  if (thin !== undefined) return refused(thin);
  const ours = doublyRobust.contributions(evidence);
  const theirs = baseContributions(base, data, modelled, propensity);
  const difference = { part: ours.part.map((x, i) => x - theirs.part[i]!), per: ours.per };
  const { value, low, high } = bootstrap(difference, data.visitor, judging.random.fork('gate'));
  const runningValue = theirs.part.reduce((sum, x) => sum + x, 0) / data.count;
  const bar = refresh ? -REFRESH_TOLERANCE * Math.abs(runningValue) : 0;
  const shipped = low > bar;
  const figures = `${signed(value)} a decision against ${against}, 95 % interval ${signed(low)} to ${signed(high)}, ${data.count} held-out decisions`;
  const rule = shipped
    ? `the lower end is above ${bar.toPrecision(3)}`
    : `the lower end must be above ${bar.toPrecision(3)}`;
  return { shipped, against, value, low, high, reasons: [figures, rule, ...notes] };
}

interface Base {
  /** Probabilities, [rows]. */
  rows: Float64Array;
  /** Decisions in which `none` was not possible: there the log itself stands for it. */
  logged: number;
  isLogged: Uint8Array;
}

async function baseOf(
  policy: SimulatedPolicy,
  decisions: readonly RewardedDecision[],
  data: PolicyData,
): Promise<Base> {
  return {
    rows: await probabilityRows(policy, decisions, data),
    logged: 0,
    isLogged: new Uint8Array(data.count),
  };
}

function noneBase(data: PolicyData): Base {
  const rows = new Float64Array(data.offsets[data.count]!);
  const isLogged = new Uint8Array(data.count);
  const none = data.promotions.indexOf(NONE_ID);
  let logged = 0;
  for (let i = 0; i < data.count; i++) {
    const own = data.promotion.subarray(data.offsets[i]!, data.offsets[i + 1]!);
    const at = own.indexOf(none);
    if (at >= 0) rows[data.offsets[i]! + at] = 1;
    else {
      isLogged[i] = 1;
      logged++;
    }
  }
  return { rows, logged, isLogged };
}

function baseContributions(
  base: Base,
  data: PolicyData,
  modelled: Float64Array,
  propensity: Float64Array,
): Contributions {
  const { part, per } = doublyRobust.contributions(evidenceOf(data, base.rows, modelled, propensity));
  return { part: part.map((x, i) => (base.isLogged[i] === 1 ? data.reward[i]! : x)), per };
}

const signed = (x: number): string => `${x < 0 ? '-' : '+'}${Math.abs(x).toPrecision(4)}`;
