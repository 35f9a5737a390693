/** Modelled rewards for the direct method and the doubly robust estimator. */

import { foldsOf, type PolicyData } from '../policy/policy-data.ts';
import { accumulate, type Normal, normalOf, predictRidge, solveRidge } from '../policy/ridge.ts';

export interface RewardModelOptions {
  folds: number;
  /** Ridge penalty of the model that all promotions share, in observations. */
  shared: number;
  /** Of what each promotion adds to it: stronger, since each sees only its own share of the log. */
  own: number;
}

export const REWARD_MODEL: RewardModelOptions = { folds: 3, shared: 10, own: 100 };

/** Rewards of every eligible promotion of every decision, [rows], by a model that never saw that visitor. */
export function crossFittedRewards(
  data: PolicyData,
  options: RewardModelOptions = REWARD_MODEL,
): Float64Array {
  const folds = foldsOf(data, options.folds);
  const out = new Float64Array(data.offsets[data.count]!);
  for (let fold = 0; fold < options.folds; fold++) {
    const model = fitRewards(data, (i) => folds[i] !== fold, options);
    for (let i = 0; i < data.count; i++) {
      if (folds[i] === fold) out.set(predictRewards(data, model, i), data.offsets[i]!);
    }
  }
  return out;
}

export interface RewardModel {
  shared: Float64Array;
  /** By promotion; undefined where the log never showed it. */
  own: (Float64Array | undefined)[];
}

/** A ridge regression that all promotions share, and one for each on what that leaves. */
export function fitRewards(
  data: PolicyData,
  keep: (i: number) => boolean,
  { shared: sharedPenalty, own: ownPenalty }: Omit<RewardModelOptions, 'folds'> = REWARD_MODEL,
): RewardModel {
  const width = data.sessionWidth + data.contextWidth;
  const all = normalOf(width);
  for (let i = 0; i < data.count; i++) if (keep(i)) accumulate(all, stateOf(data, i), data.reward[i]!);
  const shared = solveRidge(all, sharedPenalty);
  const normals: (Normal | undefined)[] = data.promotions.map(() => undefined);
  for (let i = 0; i < data.count; i++) {
    if (!keep(i)) continue;
    const p = data.promotion[data.offsets[i]! + data.chosen[i]!]!;
    normals[p] ??= normalOf(width);
    accumulate(normals[p], stateOf(data, i), data.reward[i]! - predictRidge(shared, stateOf(data, i)));
  }
  return { shared, own: normals.map((normal) => normal && solveRidge(normal, ownPenalty)) };
}

/** Modelled rewards of decision i's eligible promotions, in their order. */
export function predictRewards(data: PolicyData, model: RewardModel, i: number): number[] {
  const state = stateOf(data, i);
  const base = predictRidge(model.shared, state);
  const out: number[] = [];
  for (let row = data.offsets[i]!; row < data.offsets[i + 1]!; row++) {
    const own = model.own[data.promotion[row]!];
    out.push(own === undefined ? base : base + predictRidge(own, state));
  }
  return out;
}

function stateOf(data: PolicyData, i: number): Float32Array {
  const width = data.sessionWidth + data.contextWidth;
  return data.states.subarray(i * width, (i + 1) * width);
}
