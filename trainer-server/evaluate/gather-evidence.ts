/** Everything that the estimators read, from a log and a target policy: reward models, trajectories, slates. */

import type { PolicyData, RewardedDecision } from '../policy/policy-data.ts';
import { type Evidence, evidenceOf, modelledOf, takenRow } from './evidence.ts';
import { fitQ } from './fit-q.ts';
import { crossFittedRewards, REWARD_MODEL, varianceWeights } from './reward-model.ts';
import { previousOf, slatesOf } from './sequence.ts';

/**
 * @param decisions those of `data`, in its order
 * @param target probabilities of the target policy, [rows]
 * @param propensity of the logged actions, [n]
 */
export function gatherEvidence(
  data: PolicyData,
  decisions: readonly RewardedDecision[],
  target: Float64Array,
  propensity: Float64Array,
): Evidence {
  const modelled = crossFittedRewards(data);
  const taken = Float64Array.from({ length: data.count }, (_, i) => target[takenRow(data, i)]!);
  const robust = crossFittedRewards(data, REWARD_MODEL, varianceWeights(taken, propensity));
  const previous = previousOf(decisions);
  const q = fitQ(data, target, modelled, previous);
  return {
    ...evidenceOf(data, target, modelled, propensity),
    robust: modelledOf(data, target, robust),
    sequence: { previous, ...modelledOf(data, target, q) },
    slate: slatesOf(decisions),
  };
}
