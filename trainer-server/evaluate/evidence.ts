/** What every estimator reads: a log seen through the eyes of a target policy. */

import type { DecisionRequest } from '../../shared/decision.ts';
import type { PolicyData } from '../policy/policy-data.ts';
import type { SimulatedPolicy } from '../simulate/index.ts';

/** Entry i of each array belongs to decision i. */
export interface Evidence {
  count: number;
  reward: Float64Array;
  /** Importance weight: the target's probability of the logged action over the logging policy's. */
  weight: Float64Array;
  /** Modelled reward of the logged action, by a model that never saw this visitor. */
  fitted: Float64Array;
  /** Modelled reward of the target policy: the sum of its probabilities times modelled rewards. */
  direct: Float64Array;
  /** Visitor: decisions of one are not independent, so intervals draw visitors. */
  cluster: Int32Array;
}

/**
 * @param target probabilities of the target policy, [rows]
 * @param modelled rewards, [rows], cross-fitted
 * @param propensity of the logged actions, [n]
 */
export function evidenceOf(
  data: PolicyData,
  target: ArrayLike<number>,
  modelled: ArrayLike<number>,
  propensity: Float64Array,
): Evidence {
  const evidence: Evidence = {
    count: data.count,
    reward: data.reward,
    weight: new Float64Array(data.count),
    fitted: new Float64Array(data.count),
    direct: new Float64Array(data.count),
    cluster: data.visitor,
  };
  for (let i = 0; i < data.count; i++) {
    const taken = data.offsets[i]! + data.chosen[i]!;
    evidence.weight[i] = target[taken]! / propensity[i]!;
    evidence.fitted[i] = modelled[taken]!;
    for (let row = data.offsets[i]!; row < data.offsets[i + 1]!; row++) {
      evidence.direct[i]! += target[row]! * modelled[row]!;
    }
  }
  return evidence;
}

/** A policy's probabilities for every eligible promotion of every decision, [rows]. */
export async function probabilityRows(
  policy: SimulatedPolicy,
  decisions: readonly DecisionRequest[],
  data: PolicyData,
): Promise<Float64Array> {
  const rows = new Float64Array(data.offsets[data.count]!);
  (await policy.probabilities(decisions)).forEach((p, i) => {
    rows.set(p, data.offsets[i]!);
  });
  return rows;
}

/** Kish's effective sample size of the importance weights: (sum w)^2 / sum w^2; 0 where all are 0. */
export function effectiveSampleSize({ weight }: Pick<Evidence, 'weight'>): number {
  let sum = 0;
  let squares = 0;
  for (const w of weight) {
    sum += w;
    squares += w * w;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}

/**
 * Share of the target policy that the log can speak of: the mean importance weight, at most 1. Weights average 1 where
 * the logging policy tried everything that the target does, and less by just the share that it never tried.
 */
export function overlapOf({ weight, count }: Pick<Evidence, 'weight' | 'count'>): number {
  return count === 0 ? 0 : Math.min(1, weight.reduce((sum, w) => sum + w, 0) / count);
}
