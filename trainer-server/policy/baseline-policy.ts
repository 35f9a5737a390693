/** Scores of a simpler learner as a policy that runs in the simulator. */

import { argmax } from '../../shared/choose.ts';
import type { DecisionRequest } from '../../shared/decision.ts';
import { type ActionPromotion, MEANING_WIDTH } from '../../shared/features/actions.ts';
import type { Surroundings } from '../../shared/features/digest.ts';
import type { SimulatedPolicy } from '../simulate/index.ts';
import { type PolicyData, policyData } from './policy-data.ts';

/** What a baseline's features are read against. */
export type Around = Surroundings & { promotions: ReadonlyMap<string, ActionPromotion> };

/** The state and a promotion's terms and meaning side by side. */
export function pairAt(data: PolicyData, i: number, row: number): Float32Array {
  const width = data.sessionWidth + data.contextWidth;
  const p = data.promotion[row]!;
  const out = new Float32Array(width + data.termsWidth + MEANING_WIDTH);
  out.set(data.states.subarray(i * width, (i + 1) * width));
  out.set(data.terms.subarray(p * data.termsWidth, (p + 1) * data.termsWidth), width);
  out.set(data.meaning.subarray(row * MEANING_WIDTH, (row + 1) * MEANING_WIDTH), width + data.termsWidth);
  return out;
}

export function eachRow(data: PolicyData, visit: (i: number, row: number) => void): void {
  for (let i = 0; i < data.count; i++) {
    for (let row = data.offsets[i]!; row < data.offsets[i + 1]!; row++) visit(i, row);
  }
}

/** Greedy in scores of whole batches, [rows]. */
export function rowsPolicy(
  name: string,
  surroundings: Around,
  score: (data: PolicyData) => Promise<ArrayLike<number>>,
): SimulatedPolicy {
  return {
    name,
    async probabilities(requests) {
      const data = policyData(requests.map(asDecision), surroundings);
      const scores = await score(data);
      return requests.map(({ eligible = [] }, i) => {
        const best = argmax(eligible.map((_, j) => scores[data.offsets[i]! + j]!));
        return eligible.map((_, j) => (j === best ? 1 : 0));
      });
    },
  };
}

export function contextAt(data: PolicyData, i: number): Float32Array {
  const width = data.sessionWidth + data.contextWidth;
  return data.states.subarray(i * width + data.sessionWidth, (i + 1) * width);
}

export function greedyPolicy(
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
