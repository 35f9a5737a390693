/** Linear policies that a learned one has to beat: one ridge regression of the reward a promotion. */

import { NONE_ID } from '../../shared/promotion.ts';
import type { Random } from '../../shared/random.ts';
import type { SimulatedPolicy } from '../simulate/index.ts';
import { type Around, greedyPolicy } from './baseline-policy.ts';
import { bestFixed } from './baselines.ts';
import type { PolicyData } from './policy-data.ts';
import {
  accumulate,
  drawRidge,
  type Normal,
  normalOf,
  posteriorOf,
  predictRidge,
  solveRidge,
} from './ridge.ts';

/**
 * A linear contextual bandit: one ridge regression of the reward on the state for each promotion (LinUCB, Li et al.
 * 2010, arXiv 1003.0146, algorithm 1, disjoint, without the exploration bonus, since it is judged and not exploring).
 */
export function linearBandit(data: PolicyData, surroundings: Around, penalty = 100): SimulatedPolicy {
  const normals = normalsOf(data);
  const weights = new Map(data.promotions.map((id, p) => [id, solveRidge(normals[p]!, penalty)]));
  return greedyPolicy('linear bandit', surroundings, (state, id) => {
    const own = weights.get(id);
    return own === undefined ? -Infinity : predictRidge(own, state);
  });
}

/**
 * Linear Thompson sampling (Agrawal and Goyal 2013, arXiv 1209.3352, with a posterior for each promotion): the same
 * regressions, and every decision takes the promotion that is best under weights drawn from their posterior.
 */
export function thompsonPolicy(
  data: PolicyData,
  surroundings: Around,
  random: Random,
  penalty = 100,
): SimulatedPolicy {
  const mean = data.reward.reduce((sum, r) => sum + r, 0) / data.count;
  const variance = data.reward.reduce((sum, r) => sum + (r - mean) ** 2, 0) / data.count;
  const normals = normalsOf(data);
  const posteriors = new Map(data.promotions.map((id, p) => [id, posteriorOf(normals[p]!, penalty)]));
  return greedyPolicy('linear Thompson', surroundings, (state, id) => {
    const own = posteriors.get(id);
    return own === undefined ? -Infinity : predictRidge(drawRidge(own, Math.sqrt(variance), random), state);
  });
}

/**
 * Two-model uplift (Radcliffe 2007): one ridge regression with a treatment and one without; it is shown to those who
 * are expected to answer it. The treatment is the best fixed promotion.
 */
export function upliftPolicy(data: PolicyData, surroundings: Around, penalty = 100): SimulatedPolicy {
  const treatment = bestFixed(data);
  const width = data.sessionWidth + data.contextWidth;
  const modelOf = (id: string) => {
    const normal = normalOf(width);
    for (let i = 0; i < data.count; i++) {
      if (data.promotions[data.promotion[data.offsets[i]! + data.chosen[i]!]!] !== id) continue;
      accumulate(normal, data.states.subarray(i * width, (i + 1) * width), data.reward[i]!);
    }
    return solveRidge(normal, penalty);
  };
  const weights = new Map([treatment, NONE_ID].map((id) => [id, modelOf(id)]));
  return greedyPolicy('two-model uplift', surroundings, (state, id) => {
    const own = weights.get(id);
    return own === undefined ? -Infinity : predictRidge(own, state);
  });
}

function normalsOf(data: PolicyData): Normal[] {
  const width = data.sessionWidth + data.contextWidth;
  const normals = data.promotions.map(() => normalOf(width));
  for (let i = 0; i < data.count; i++) {
    const p = data.promotion[data.offsets[i]! + data.chosen[i]!]!;
    accumulate(normals[p]!, data.states.subarray(i * width, (i + 1) * width), data.reward[i]!);
  }
  return normals;
}
