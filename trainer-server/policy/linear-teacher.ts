/**
 * The linear teacher: closed-form, cross-fitted, and hard to beat on noisy logs, which is why networks learn what it
 * leaves and not instead of it.
 *
 * Where most decisions earn nothing, the expected reward is taken apart: E[r] = P(r is not 0) * E[r | r is not 0]
 * (a hurdle model, Cragg 1971). What an order is worth then adds its noise to the few orders alone. Each factor is a
 * ridge regression that all promotions share plus one for each promotion on what that leaves, its penalty chosen by
 * the error on left-out visitors.
 */

import { gatherRewards, predictRewards, type RewardModel, solveOwn } from '../evaluate/reward-model.ts';
import type { PolicyData } from './policy-data.ts';
import type { Predictions } from './predict.ts';
import type { Unit } from './returns.ts';

export interface LinearOptions {
  /** Penalty of what promotions share, in observations. */
  shared: number;
  /** Candidates for the penalty of what each promotion adds. */
  own: readonly number[];
  /** Share of zero rewards from which the hurdle pays. */
  hurdleFrom: number;
}

export const LINEAR: LinearOptions = { shared: 10, own: [10, 30, 100, 300, 1000, 3000], hurdleFrom: 0.5 };

/** Every decision judged by a model that never saw its visitor (`left`), and by the mean of all (`mean`). */
export function linearTeacher(
  data: PolicyData,
  folds: Int32Array,
  foldCount: number,
  targets: Float32Array,
  unit: Unit,
  options: LinearOptions = LINEAR,
): { left: Predictions; mean: Predictions } {
  const normalised = (r: number): number => (r - unit.offset) / unit.scale;
  const cross = { data, folds, foldCount, options };
  const now = rewardValues(cross);
  const rest = Float64Array.from(targets, (target, i) => target - normalised(data.reward[i]!));
  // What the target holds beyond the reward itself: nothing where no decision follows another.
  const later = rest.every((x) => Math.abs(x) < 1e-5)
    ? undefined
    : crossFitted({ ...cross, data: { ...data, reward: rest } }, () => true);
  const both = (fold: number, i: number): number[] => {
    const future = later?.(fold, i);
    return now(fold, i).map((r, j) => normalised(r) + (future?.[j] ?? 0));
  };
  return {
    left: predictionsOf(data, (i) => both(folds[i]!, i)),
    mean: predictionsOf(data, (i) => {
      const each = Array.from({ length: foldCount }, (_, fold) => both(fold, i));
      return each[0]!.map((_, j) => each.reduce((sum, q) => sum + q[j]!, 0) / foldCount);
    }),
  };
}

interface Cross {
  data: PolicyData;
  folds: Int32Array;
  foldCount: number;
  options: LinearOptions;
}

/** Values of decision i's eligible promotions by the model that never saw a fold. */
type CrossValues = (fold: number, i: number) => number[];

function rewardValues(cross: Cross): CrossValues {
  const { data, options } = cross;
  const zeros = data.reward.reduce((count, r) => count + (r === 0 ? 1 : 0), 0);
  if (zeros < options.hurdleFrom * data.count || zeros === data.count) return crossFitted(cross, () => true);
  const happened = data.reward.map((r) => (r === 0 ? 0 : 1));
  const happens = crossFitted({ ...cross, data: { ...data, reward: happened } }, () => true);
  const size = crossFitted(cross, (i) => data.reward[i] !== 0);
  return (fold, i) => {
    const worth = size(fold, i);
    return happens(fold, i).map((p, j) => Math.max(0, p) * worth[j]!);
  };
}

/** A model for each fold left out, all with the penalty that predicts the left-out decisions best. */
function crossFitted({ data, folds, foldCount, options }: Cross, use: (i: number) => boolean): CrossValues {
  const sums = Array.from({ length: foldCount }, (_, fold) =>
    gatherRewards(data, (i) => use(i) && (foldCount === 1 || folds[i] !== fold), options.shared),
  );
  let best: { models: RewardModel[]; error: number } | undefined;
  for (const penalty of options.own) {
    const models = sums.map((each) => solveOwn(each, penalty));
    let error = 0;
    for (let i = 0; i < data.count; i++) {
      if (!use(i)) continue;
      const predicted = predictRewards(data, models[folds[i]!]!, i)[data.chosen[i]!]!;
      error += (predicted - data.reward[i]!) ** 2;
    }
    if (best === undefined || error < best.error) best = { models, error };
  }
  const { models } = best!;
  return (fold, i) => predictRewards(data, models[fold]!, i);
}

function predictionsOf(data: PolicyData, values: (i: number) => number[]): Predictions {
  const value = new Float32Array(data.count);
  const advantage = new Float32Array(data.offsets[data.count]!);
  for (let i = 0; i < data.count; i++) {
    const q = values(i);
    const mean = q.reduce((sum, x) => sum + x, 0) / q.length;
    value[i] = mean;
    q.forEach((x, j) => {
      advantage[data.offsets[i]! + j] = x - mean;
    });
  }
  return { value, level: value, advantage };
}
