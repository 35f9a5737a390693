/**
 * What an action does to the visitor's later decisions, within and across sessions: discounts that teach to wait, offers
 * that tire. Two parts, the first by what the state carries on, the second by what followed:
 *
 *   later = base(s) + follow(s) x (V(s + shown(a)) - V(s)) + stake(s) x (w . code(a) - what the state says of it)
 *
 * The first is `carried.ts`; where logged returns are to bear it out, V is that of the logging policy.
 *
 * What that leaves is a partially linear regression (Robinson 1988; cross-fitted as in Chernozhukov et al. 2018, arXiv
 * 1608.00060, equation 4.4) of the discounted rewards that followed: every-visit Monte Carlo returns of the logging policy
 * (Sutton and Barto 2018, section 5.2). Effects are shares of what is at stake later, one a part of a promotion: returns
 * are so noisy that no more can be learned from 50,000 decisions. Under a better policy more is at stake, and they grow
 * with it.
 *
 * Either part is believed only where the returns of left-out visitors clearly bear it out: else the policy stays myopic,
 * which costs nothing where it is right. Modelled values without that check charged promotions with what shoppers who
 * were shown many happen to have in common.
 */

import { doublyRobust } from '../evaluate/estimators/doubly-robust.ts';
import { evidenceOf, takenRow } from '../evaluate/evidence.ts';
import { actionCode } from './action-code.ts';
import { carriedOf, type Rewards, slopesOfBest, slopesOfMean } from './carried.ts';
import type { PolicyData } from './policy-data.ts';
import { RESPONSE, tamedRewards } from './response-tasks.ts';
import { accumulate, normalOf, solveRidge, totalOf } from './ridge.ts';
import { borneOut, surelyBorne } from './stack.ts';
import { type Expected, type StateRidge, stateRidge } from './state-ridge.ts';
import { greedyProbabilities } from './strength.ts';

export interface LongRunOptions {
  /** Worth of the next decision's outcome against this one's. */
  discount: number;
  /** Ridge penalty of what states say, and of what all promotions do, in observations. */
  base: number;
  own: number;
  /** Standard errors, clustered by visitor, by which left-out visitors must speak for an effect. */
  errors: number;
  /** Most that a better policy is trusted to have at stake, of what the logging policy has. */
  mostGrowth: number;
  /** Most that is at stake in one state, of the mean. */
  mostStake: number;
}

export const LONG_RUN: LongRunOptions = {
  discount: 0.99,
  base: 100,
  own: 300,
  errors: 2,
  mostGrowth: 3,
  mostStake: 4,
};

/** Expected worth of all that follows, in the log's own unit, [rows]. */
export interface LongRun {
  /** By models that never saw the visitor. */
  left: Float64Array;
  mean: Float64Array;
  /** The mean of all models, had visitors seen other discounts; undefined where those change nothing that is clear. */
  elsewhere: ((states: Float32Array) => Float64Array) | undefined;
}

/** What is known of a log before anything that comes later. */
export interface Immediate {
  /** By models that never saw the visitor, and the mean of all. */
  left: Rewards;
  mean: Rewards;
  /** Of the logged actions, [n]. */
  propensity: Float64Array;
}

/**
 * @param folds of each decision; those of a negative fold are answered but never learned from
 * @returns undefined where no decision follows another, or actions change nothing that can be seen
 */
export function longRunOf(
  data: PolicyData,
  folds: Int32Array,
  foldCount: number,
  known: Immediate,
  options: LongRunOptions = LONG_RUN,
): LongRun | undefined {
  if (options.discount === 0 || data.next.every((next) => next < 0)) return undefined;
  const tamed = tamedRewards(data, RESPONSE);
  const level = tamed.reduce((sum, r) => sum + r, 0) / data.count;
  const ridge = stateRidge(data, folds, foldCount, options.base);
  const later = returnsOf(data, tamed, level, options.discount);
  const base = ridge.fit(later);
  const stake = stakeOf(ridge.fit(returnsOf(data, tamed, 0, options.discount)), options);
  const sums = (slopes: Float64Array) => ridge.fit(returnsOf(data, slopes, 0, options.discount));

  // What the state itself carries on.
  const unexplained = later.map((x, i) => x - base.left[i]!);
  const carried = surprise(carriedOf(data, sums(slopesOfMean(data, known.left)).left), data, ridge);
  const lasting = borneOut(carried, unexplained, data.visitor);
  const trust = lasting.errors >= options.errors ? lasting.weight : 0;

  // What else follows from a promotion.
  const rest = unexplained.map((x, i) => x - trust * carried[i]!);
  const effects = effectsOf(data, folds, foldCount, rest, stake.left, ridge, options);
  const left = rowsOf(data, stake.left, (i) => effects.byFold[folds[i]!] ?? effects.mean);
  const taken = Float64Array.from({ length: data.count }, (_, i) => left[takenRow(data, i)]!);
  // They are read off these very returns: a world where nothing comes of a promotion has effects at 2 standard errors in
  // one log of forty, and so much of what is believed there would be wrong that only the lower end of it is.
  const weight = surelyBorne(borneOut(taken, rest, data.visitor), options.errors);
  if (trust === 0 && weight === 0) return undefined;
  const total = known.left.reward.map((r, row) => r + weight * left[row]!);
  const growth = weight && weight * growthOf(data, total, known.left.reward, known.propensity, options);
  const improved = (part: 'left' | 'mean') => {
    const logged = carriedOf(data, sums(slopesOfMean(data, known[part]))[part]);
    return sums(
      slopesOfBest(
        data,
        known[part],
        logged.map((x) => trust * x),
      ),
    );
  };
  const worth = (effect: Float64Array, of: Float64Array, seen: Float64Array) => {
    const out = carriedOf(data, seen).map((x, row) => trust * x + growth * effect[row]!);
    for (let i = 0; i < data.count; i++) {
      for (let row = data.offsets[i]!; row < data.offsets[i + 1]!; row++) out[row]! += of[i]!;
    }
    return out;
  };
  const mean = rowsOf(data, stake.mean, () => effects.mean);
  const seen = improved('mean');
  return {
    left: worth(left, base.left, improved('left').left),
    mean: worth(mean, base.mean, seen.mean),
    elsewhere: trust > 0 ? (states) => worth(mean, base.mean, seen.at(states)) : undefined,
  };
}

/** Of the action that was taken, beyond what the state led to expect: logging policies look at states too, [n]. */
function surprise(rows: Float64Array, data: PolicyData, ridge: StateRidge): Float64Array {
  const taken = Float64Array.from({ length: data.count }, (_, i) => rows[takenRow(data, i)]!);
  const { left } = ridge.fit(taken);
  return taken.map((x, i) => x - left[i]!);
}

/** Discounted rewards after each decision; each above `level`, so that staying longer in the log is no merit, [n]. */
function returnsOf(data: PolicyData, reward: Float64Array, level: number, discount: number): Float64Array {
  const out = new Float64Array(data.count);
  // Decisions are in time order, so a later one is done before the one it follows.
  for (let i = data.count - 1; i >= 0; i--) {
    const next = data.next[i]!;
    if (next >= 0) out[i] = discount * (reward[next]! - level + out[next]!);
  }
  return out;
}

/** What is expected to come later, one on average. */
function stakeOf({ left, mean }: Expected, { mostStake }: LongRunOptions): Omit<Expected, 'at'> {
  const average = left.reduce((sum, x) => sum + Math.max(0, x), 0) / left.length;
  const tame = (x: number): number => (average > 0 ? Math.max(0, Math.min(mostStake, x / average)) : 1);
  return { left: left.map(tame), mean: mean.map(tame) };
}

/** Effects by promotion, as each fold's model and their mean have them. */
interface Effects {
  byFold: Float64Array[];
  mean: Float64Array;
}

/** Regressed on each part as it was shown beyond what the state led to expect: logging policies look at states too. */
function effectsOf(
  data: PolicyData,
  folds: Int32Array,
  foldCount: number,
  unexplained: Float64Array,
  stake: Float64Array,
  ridge: StateRidge,
  { own }: LongRunOptions,
): Effects {
  const { parts, penalty } = actionCode(data);
  // A part that is shrunk more counts for less, so that one penalty does for all.
  const sizeOf = (p: number, part: number): number =>
    (parts[p]!.find((each) => each.part === part)?.by ?? 0) / Math.sqrt(penalty[part]!);
  // What was shown is compared before it is weighed by what is at stake (Nie and Wager 2021, equation 4): a stake that is
  // no linear function of the state would otherwise pass for an effect of whatever is shown most of the time.
  const shown = penalty.map((_, part) => {
    const column = Float64Array.from({ length: data.count }, (_, i) => {
      return sizeOf(data.promotion[takenRow(data, i)]!, part);
    });
    const { left } = ridge.fit(column);
    return column.map((x, i) => stake[i]! * (x - left[i]!));
  });
  const sums = Array.from({ length: foldCount }, () => normalOf(penalty.length));
  folds.forEach((fold, i) => {
    if (fold < 0) return;
    accumulate(
      sums[fold]!,
      shown.map((column) => column[i]!),
      unexplained[i]!,
    );
  });
  const byFold = sums.map((_, fold) => {
    const w = solveRidge(totalOf(sums.filter((_, other) => foldCount === 1 || other !== fold)), own);
    return Float64Array.from(parts, (_, p) =>
      penalty.reduce((sum, _, part) => sum + sizeOf(p, part) * w[part]!, 0),
    );
  });
  const mean = byFold[0]!.map(
    (_, p) => byFold.reduce((sum, effects) => sum + effects[p]!, 0) / byFold.length,
  );
  return { byFold, mean };
}

/** Effects of every row, the mean over a decision's promotions 0. */
function rowsOf(
  data: PolicyData,
  stake: Float64Array,
  effectsFor: (i: number) => Float64Array,
): Float64Array {
  const out = new Float64Array(data.promotion.length);
  for (let i = 0; i < data.count; i++) {
    const [from, to] = [data.offsets[i]!, data.offsets[i + 1]!];
    const effects = effectsFor(i);
    let mean = 0;
    for (let row = from; row < to; row++) mean += effects[data.promotion[row]!]! / (to - from);
    for (let row = from; row < to; row++) out[row] = stake[i]! * (effects[data.promotion[row]!]! - mean);
  }
  return out;
}

/** Doubly robust value of acting on `total`, of what the logging policy earned. */
function growthOf(
  data: PolicyData,
  total: Float64Array,
  reward: Float64Array,
  propensity: Float64Array,
  { mostGrowth }: LongRunOptions,
): number {
  const evidence = evidenceOf(data, greedyProbabilities(data, total), reward, propensity);
  const { part } = doublyRobust.contributions(evidence);
  const value = part.reduce((sum, x) => sum + x, 0);
  const logged = data.reward.reduce((sum, r) => sum + r, 0);
  return logged > 0 ? Math.max(1, Math.min(mostGrowth, value / logged)) : 1;
}
