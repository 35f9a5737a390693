/**
 * Fitted Q evaluation (Le, Voloshin and Yue 2019, arXiv 1903.08738, algorithm 3): the reward model, fitted again and
 * again on reward plus what it says the target policy earns from the next decision on. A trajectory ends after its last
 * decision, and nothing is discounted: sessions are short.
 */

import { foldsOf, type PolicyData } from '../policy/policy-data.ts';
import { fitRewards, predictRewards, REWARD_MODEL, type RewardModel } from './reward-model.ts';
import { longestOf } from './sequence.ts';

/** Rounds of fitting: each lets the model look one decision further ahead. */
const MOST_ROUNDS = 8;

/**
 * Value of every eligible promotion, and of following the target policy afterwards, [rows], by a model that never saw
 * that visitor.
 * @param target probabilities of the target policy, [rows]
 * @param modelled rewards, [rows]: the answer where no decision follows another
 * @param previous the decision before each in its trajectory, -1 for none, [n]
 */
export function fitQ(
  data: PolicyData,
  target: ArrayLike<number>,
  modelled: Float64Array,
  previous: Int32Array,
): Float64Array {
  const rounds = Math.min(MOST_ROUNDS, longestOf(previous) - 1);
  if (rounds < 1) return modelled;
  const folds = foldsOf(data, REWARD_MODEL.folds);
  const out = new Float64Array(modelled.length);
  for (let fold = 0; fold < REWARD_MODEL.folds; fold++) {
    const learns = (i: number): boolean => folds[i] !== fold;
    let model: RewardModel = fitRewards(data, learns);
    for (let round = 0; round < rounds; round++) {
      const returns = returnsBy(model, data, target, previous, learns);
      model = fitRewards({ ...data, reward: returns }, learns);
    }
    for (let i = 0; i < data.count; i++) {
      if (folds[i] === fold) out.set(predictRewards(data, model, i), data.offsets[i]!);
    }
  }
  return out;
}

/** Reward of each decision plus the modelled value of the one that follows it, [n]. */
function returnsBy(
  model: RewardModel,
  data: PolicyData,
  target: ArrayLike<number>,
  previous: Int32Array,
  learns: (i: number) => boolean,
): Float64Array {
  const returns = data.reward.slice();
  for (let i = 0; i < data.count; i++) {
    const before = previous[i]!;
    if (before < 0 || !learns(i)) continue;
    predictRewards(data, model, i).forEach((q, j) => {
      returns[before]! += target[data.offsets[i]! + j]! * q;
    });
  }
  return returns;
}
