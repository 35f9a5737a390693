/** What Q is to predict: n-step returns over a visitor's decisions, in the network's unit. */

import type { PolicyData } from './policy-data.ts';
import type { PolicyOptions } from './policy-options.ts';
import type { Predictions } from './predict.ts';

/** Reward in the log's unit = offset + scale * the network's. */
export interface Unit {
  offset: number;
  scale: number;
}

/** The mean reward and its deviation. */
export function unitOf(reward: Float64Array): Unit {
  const offset = reward.reduce((sum, r) => sum + r, 0) / reward.length;
  const variance = reward.reduce((sum, r) => sum + (r - offset) ** 2, 0) / reward.length;
  return { offset, scale: Math.sqrt(variance) || 1 };
}

/** Whether any decision has a later one to look ahead to. */
export function hasTransitions(data: PolicyData, { discount }: Pick<PolicyOptions, 'discount'>): boolean {
  return discount > 0 && data.next.some((next) => next >= 0);
}

/**
 * Sum over the next `steps` decisions of discounted rewards, plus the discounted value of the decision after them:
 * double Q-learning (van Hasselt et al. 2016, arXiv 1509.06461), `now` chooses the promotion and `target` values it.
 * Rewards are taken above the mean, so that the return of a visitor who was seen longer is not larger for that alone.
 * @param now before the first epoch undefined: then nothing is known of the future and its value counts as 0
 */
export function bootstrapTargets(
  data: PolicyData,
  now: Predictions | undefined,
  target: Predictions | undefined,
  unit: Unit,
  { discount, steps }: Pick<PolicyOptions, 'discount' | 'steps'>,
): Float32Array {
  const values = now === undefined || target === undefined ? undefined : greedyValues(data, now, target);
  return Float32Array.from({ length: data.count }, (_, i) => {
    let sum = 0;
    let weight = 1;
    let at = i;
    for (let step = 0; step < steps && at >= 0; step++) {
      sum += (weight * (data.reward[at]! - unit.offset)) / unit.scale;
      weight *= discount;
      at = discount > 0 ? data.next[at]! : -1;
    }
    return at >= 0 && values !== undefined ? sum + weight * values[at]! : sum;
  });
}

function greedyValues(data: PolicyData, now: Predictions, target: Predictions): Float32Array {
  return Float32Array.from({ length: data.count }, (_, i) => {
    let best = data.offsets[i]!;
    for (let row = best; row < data.offsets[i + 1]!; row++) {
      if (now.advantage[row]! > now.advantage[best]!) best = row;
    }
    return target.value[i]! + target.advantage[best]!;
  });
}
