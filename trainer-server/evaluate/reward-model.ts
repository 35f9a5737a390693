/** Modelled rewards for the direct method and the doubly robust estimator. */

import { MEANING_WIDTH } from '../../shared/features/actions.ts';
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

/**
 * Rewards of every eligible promotion of every decision, [rows], by a model that never saw that visitor.
 * @param weight how much each decision counts in the fit, [n]; 1 where absent
 */
export function crossFittedRewards(
  data: PolicyData,
  options: RewardModelOptions = REWARD_MODEL,
  weight?: Float64Array,
): Float64Array {
  const folds = foldsOf(data, options.folds);
  const out = new Float64Array(data.offsets[data.count]!);
  for (let fold = 0; fold < options.folds; fold++) {
    const model = fitRewards(data, (i) => folds[i] !== fold, options, weight);
    for (let i = 0; i < data.count; i++) {
      if (folds[i] === fold) out.set(predictRewards(data, model, i), data.offsets[i]!);
    }
  }
  return out;
}

/**
 * Weights under which a least squares fit makes the variance of DR small (Farajtabar et al. 2018, arXiv 1802.03493,
 * equation 9): pi(a|x) (1 - p) / p^2, scaled to a mean of one so that the ridge penalty keeps its meaning.
 * @param target probability of the logged action under the target policy, [n]
 * @param propensity of the logged action, [n]
 */
export function varianceWeights(target: Float64Array, propensity: Float64Array): Float64Array {
  const weight = target.map((pi, i) => (pi * (1 - propensity[i]!)) / propensity[i]! ** 2);
  const mean = weight.reduce((sum, w) => sum + w, 0) / weight.length;
  return mean > 0 ? weight.map((w) => w / mean) : weight.fill(1);
}

export interface RewardModel {
  shared: Float64Array;
  /** By promotion; undefined where the log never showed it. */
  own: (Float64Array | undefined)[];
}

/**
 * A ridge regression on the state that all promotions share, and one for each promotion, on the state and on what the
 * promotion means to this shopper, of what that leaves.
 */
export function fitRewards(
  data: PolicyData,
  keep: (i: number) => boolean,
  { shared, own }: Omit<RewardModelOptions, 'folds'> = REWARD_MODEL,
  weight?: Float64Array,
): RewardModel {
  return solveOwn(gatherRewards(data, keep, shared, weight), own);
}

/** Sums from which models of any own penalty are solved, so that several can be compared at the price of one. */
export interface RewardSums {
  shared: Float64Array;
  normals: (Normal | undefined)[];
}

export function solveOwn({ shared, normals }: RewardSums, penalty: number): RewardModel {
  return { shared, own: normals.map((normal) => normal && solveRidge(normal, penalty)) };
}

export function gatherRewards(
  data: PolicyData,
  keep: (i: number) => boolean,
  sharedPenalty: number,
  weight?: Float64Array,
): RewardSums {
  const width = data.sessionWidth + data.contextWidth;
  const all = normalOf(width);
  for (let i = 0; i < data.count; i++) {
    if (keep(i)) accumulate(all, stateOf(data, i), data.reward[i]!, weight?.[i]);
  }
  const shared = solveRidge(all, sharedPenalty);
  const normals: (Normal | undefined)[] = data.promotions.map(() => undefined);
  const both = new Float32Array(width + MEANING_WIDTH);
  for (let i = 0; i < data.count; i++) {
    if (!keep(i)) continue;
    const row = data.offsets[i]! + data.chosen[i]!;
    const p = data.promotion[row]!;
    normals[p] ??= normalOf(both.length);
    const state = stateOf(data, i);
    both.set(state);
    both.set(meaningAt(data, row), width);
    accumulate(normals[p], both, data.reward[i]! - predictRidge(shared, state), weight?.[i]);
  }
  return { shared, normals };
}

/** Modelled rewards of decision i's eligible promotions, in their order. */
export function predictRewards(data: PolicyData, model: RewardModel, i: number): number[] {
  const state = stateOf(data, i);
  const base = predictRidge(model.shared, state);
  const both = new Float32Array(state.length + MEANING_WIDTH);
  both.set(state);
  const out: number[] = [];
  for (let row = data.offsets[i]!; row < data.offsets[i + 1]!; row++) {
    const own = model.own[data.promotion[row]!];
    if (own === undefined) {
      out.push(base);
      continue;
    }
    both.set(meaningAt(data, row), state.length);
    out.push(base + predictRidge(own, both));
  }
  return out;
}

function stateOf(data: PolicyData, i: number): Float32Array {
  const width = data.sessionWidth + data.contextWidth;
  return data.states.subarray(i * width, (i + 1) * width);
}

const meaningAt = (data: PolicyData, row: number): Float32Array =>
  data.meaning.subarray(row * MEANING_WIDTH, (row + 1) * MEANING_WIDTH);
