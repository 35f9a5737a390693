/** What a learned policy has to beat: simpler ones, learned from the same log. */

import { argmax } from '../../shared/choose.ts';
import type { DecisionRequest } from '../../shared/decision.ts';
import type { ActionPromotion } from '../../shared/features/actions.ts';
import { contextNames } from '../../shared/features/context.ts';
import type { Surroundings } from '../../shared/features/digest.ts';
import type { SimulatedPolicy } from '../simulate/index.ts';
import { type PolicyData, policyData } from './policy-data.ts';
import { accumulate, normalOf, predictRidge, solveRidge } from './ridge.ts';

type Around = Surroundings & { promotions: ReadonlyMap<string, ActionPromotion> };

/** The promotion with the largest mean reward in the log, each weighted by its inverse propensity. */
export function bestFixed(data: PolicyData): string {
  const sums = new Float64Array(data.promotions.length);
  const weights = new Float64Array(data.promotions.length);
  for (let i = 0; i < data.count; i++) {
    const p = data.promotion[data.offsets[i]! + data.chosen[i]!]!;
    const weight = 1 / data.propensity[i]!;
    sums[p]! += weight * data.reward[i]!;
    weights[p]! += weight;
  }
  return data.promotions[argmax(sums.map((sum, p) => (weights[p] === 0 ? -Infinity : sum / weights[p]!)))]!;
}

/**
 * A linear contextual bandit: one ridge regression of the reward on the state for each promotion (LinUCB, Li et al.
 * 2010, arXiv 1003.0146, algorithm 1, disjoint, without the exploration bonus, since it is judged and not exploring).
 */
export function linearBandit(data: PolicyData, surroundings: Around, penalty = 100): SimulatedPolicy {
  const width = data.sessionWidth + data.contextWidth;
  const normals = data.promotions.map(() => normalOf(width));
  for (let i = 0; i < data.count; i++) {
    const p = data.promotion[data.offsets[i]! + data.chosen[i]!]!;
    accumulate(normals[p]!, data.states.subarray(i * width, (i + 1) * width), data.reward[i]!);
  }
  const weights = new Map(data.promotions.map((id, p) => [id, solveRidge(normals[p]!, penalty)]));
  return greedyPolicy('linear bandit', surroundings, (state, id) => {
    const own = weights.get(id);
    return own === undefined ? -Infinity : predictRidge(own, state);
  });
}

/** Features whose sign makes the cells of the tabular policy. */
const CELL_FEATURES = ['cart.any', 'purchase.count', 'shown.session', 'clicked', 'add_to_wishlist.count'];
/** Decisions of the overall mean that every cell starts with. */
const CELL_PRIOR = 20;

/** Tabular Q: mean rewards by promotion and by which of a few things the shopper has done and where. */
export function tabularPolicy(data: PolicyData, surroundings: Around): SimulatedPolicy {
  const names = contextNames(surroundings.spec);
  const at = names.flatMap((name, k) =>
    CELL_FEATURES.includes(name) || name.startsWith('slot:') ? [k] : [],
  );
  const cellOf = (state: Float32Array): string => at.map((k) => (state[k]! > 0 ? 1 : 0)).join('');
  const sums = new Map<string, { sum: number; count: number }>();
  const add = (key: string, reward: number): void => {
    const cell = sums.get(key) ?? { sum: 0, count: 0 };
    sums.set(key, { sum: cell.sum + reward, count: cell.count + 1 });
  };
  for (let i = 0; i < data.count; i++) {
    const id = data.promotions[data.promotion[data.offsets[i]! + data.chosen[i]!]!]!;
    add(id, data.reward[i]!);
    add(`${id} ${cellOf(contextAt(data, i))}`, data.reward[i]!);
  }
  return greedyPolicy('tabular', surroundings, (state, id) => {
    const overall = sums.get(id);
    if (overall === undefined) return -Infinity;
    const prior = overall.sum / overall.count;
    const { sum, count } = sums.get(`${id} ${cellOf(state)}`) ?? { sum: 0, count: 0 };
    return (sum + CELL_PRIOR * prior) / (count + CELL_PRIOR);
  });
}

function contextAt(data: PolicyData, i: number): Float32Array {
  const width = data.sessionWidth + data.contextWidth;
  return data.states.subarray(i * width + data.sessionWidth, (i + 1) * width);
}

function greedyPolicy(
  name: string,
  surroundings: Around,
  score: (state: Float32Array, promotion: string) => number,
): SimulatedPolicy {
  return {
    name,
    async probabilities(requests) {
      const data = policyData(requests.map(asDecision), surroundings);
      return requests.map(({ eligible = [] }, i) => {
        const best = argmax(eligible.map((id) => score(contextAt(data, i), id)));
        return eligible.map((_, j) => (j === best ? 1 : 0));
      });
    },
  };
}

const asDecision = (request: DecisionRequest, i: number) => ({
  ...request,
  id: `${i}`,
  visitor: `${i}`,
  eligible: request.eligible ?? [],
  action: request.eligible?.[0] ?? '',
  reward: 0,
});
