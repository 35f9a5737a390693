/** What every estimator reads: a log seen through the eyes of a target policy. */

import type { DecisionRequest } from '../../shared/decision.ts';
import type { PolicyData } from '../policy/policy-data.ts';
import type { SimulatedPolicy } from '../simulate/index.ts';

/** What a model says of each decision, [n] each. */
export interface Modelled {
  /** Of the logged action, by a model that never saw this visitor. */
  fitted: Float64Array;
  /** Of the target policy: the sum of its probabilities times the modelled values. */
  direct: Float64Array;
}

/** Decisions that follow each other within a session (within a visitor where the log has no sessions). */
export interface Sequence extends Modelled {
  /** The decision before this one in its trajectory, -1 for none, [n]. */
  previous: Int32Array;
}

/** Entry i of each array belongs to decision i. `fitted` and `direct` are modelled rewards. */
export interface Evidence extends Modelled {
  count: number;
  reward: Float64Array;
  /** Importance weight: the target's probability of the logged action over the logging policy's. */
  weight: Float64Array;
  /** Visitor: decisions of one are not independent, so intervals draw visitors. */
  cluster: Int32Array;
  /** Rewards by a model fitted for the variance of DR. */
  robust?: Modelled;
  /** Trajectories, with modelled returns from each decision on. */
  sequence?: Sequence;
  /** Number of the slate: decisions taken at one moment for several slots share it. */
  slate?: Int32Array;
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
  return {
    count: data.count,
    reward: data.reward,
    weight: Float64Array.from({ length: data.count }, (_, i) => target[takenRow(data, i)]! / propensity[i]!),
    ...modelledOf(data, target, modelled),
    cluster: data.visitor,
  };
}

/** @param values modelled, [rows] */
export function modelledOf(data: PolicyData, target: ArrayLike<number>, values: ArrayLike<number>): Modelled {
  const direct = new Float64Array(data.count);
  for (let i = 0; i < data.count; i++) {
    for (let row = data.offsets[i]!; row < data.offsets[i + 1]!; row++) {
      direct[i]! += target[row]! * values[row]!;
    }
  }
  return {
    fitted: Float64Array.from({ length: data.count }, (_, i) => values[takenRow(data, i)]!),
    direct,
  };
}

/** Row of decision i's logged action. */
export const takenRow = (data: PolicyData, i: number): number => data.offsets[i]! + data.chosen[i]!;

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

/** Why estimators over several decisions cannot speak. */
export const noSequence = ({ sequence }: Evidence): string | undefined =>
  sequence === undefined ? 'it is not known which decisions follow each other' : undefined;
