/**
 * The linear teacher: closed-form, cross-fitted, and hard to beat on noisy logs, which is why networks learn beside it
 * and not instead of it.
 *
 * Where most decisions earn nothing, the expected reward is taken apart: E[r] = P(r is not 0) * E[r | r is not 0]
 * (a hurdle model, Cragg 1971). What an order is worth then adds its noise to the few orders alone. Each factor is a
 * ridge regression that all promotions share plus one for each promotion on what that leaves.
 */

import { fitRewards, predictRewards, type RewardModel } from '../evaluate/reward-model.ts';
import type { PolicyData } from './policy-data.ts';
import type { Predictions } from './predict.ts';
import type { Unit } from './returns.ts';

export interface LinearOptions {
  /** Penalty of what promotions share, and of what each adds, in observations. */
  shared: number;
  own: number;
  /** The same for the size of non-zero rewards, which far fewer decisions tell of. */
  sizeOwn: number;
  /** Share of zero rewards from which the hurdle pays. */
  hurdleFrom: number;
}

export const LINEAR: LinearOptions = { shared: 10, own: 100, sizeOwn: 1500, hurdleFrom: 0.5 };

/** Every decision judged by a model that never saw its visitor (`left`), and by the mean of all (`mean`). */
export function linearTeacher(
  data: PolicyData,
  folds: Int32Array,
  foldCount: number,
  targets: Float32Array,
  unit: Unit,
  options: LinearOptions = LINEAR,
): { left: Predictions; mean: Predictions } {
  const models = Array.from({ length: foldCount }, (_, fold) =>
    fitValues(data, (i) => foldCount === 1 || folds[i] !== fold, targets, unit, options),
  );
  const left = predictionsOf(data, (i) => models[folds[i]!]!(i));
  const mean = predictionsOf(data, (i) => {
    const each = models.map((model) => model(i));
    return each[0]!.map((_, j) => each.reduce((sum, q) => sum + q[j]!, 0) / each.length);
  });
  return { left, mean };
}

/** Values of decision i's eligible promotions, in the network's unit. */
type Values = (i: number) => number[];

function fitValues(
  data: PolicyData,
  keep: (i: number) => boolean,
  targets: Float32Array,
  unit: Unit,
  options: LinearOptions,
): Values {
  const { shared, own, sizeOwn, hurdleFrom } = options;
  const normalised = (r: number): number => (r - unit.offset) / unit.scale;
  const now = rewardValues();
  const later = futureValues();
  return (i) => {
    const future = later?.(i);
    return now(i).map((r, j) => normalised(r) + (future?.[j] ?? 0));
  };

  function rewardValues(): Values {
    const zeros = data.reward.reduce((count, r) => count + (r === 0 ? 1 : 0), 0);
    if (zeros < hurdleFrom * data.count || zeros === data.count) {
      const model = fitRewards(data, keep, { shared, own });
      return (i) => predictRewards(data, model, i);
    }
    const happens = fitRewards({ ...data, reward: data.reward.map((r) => (r === 0 ? 0 : 1)) }, keep, {
      shared,
      own,
    });
    const size = fitRewards(data, (i) => data.reward[i] !== 0 && keep(i), { shared, own: sizeOwn });
    return (i) => {
      const worth = predictRewards(data, size, i);
      return predictRewards(data, happens, i).map((p, j) => Math.max(0, p) * worth[j]!);
    };
  }

  /** What the target holds beyond the reward itself: nothing where decisions are not followed by others. */
  function futureValues(): Values | undefined {
    const rest = Float64Array.from(targets, (target, i) => target - normalised(data.reward[i]!));
    if (rest.every((x) => Math.abs(x) < 1e-5)) return undefined;
    const model: RewardModel = fitRewards({ ...data, reward: rest }, keep, { shared, own: 10 * own });
    return (i) => predictRewards(data, model, i);
  }
}

function predictionsOf(data: PolicyData, values: Values): Predictions {
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
