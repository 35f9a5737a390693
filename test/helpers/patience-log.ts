/** Sessions of two decisions in which an early discount teaches the shopper to wait for the next one. */

import type { LoggedDecision } from '../../shared/decision.ts';
import { NONE } from '../../shared/promotion.ts';
import { seeded } from '../../shared/random.ts';
import type { SimulatedPolicy } from '../../trainer-server/simulate/index.ts';
import type { TrialDataset } from './trials.ts';

/**
 * First decision: reward 2 with the discount, 1 without. Second decision: after a discount 0 unless there is another
 * one (then 1), after none 3 whatever is shown. Logged evenly. The target always gives the discount: 2 + 1 a session,
 * 1.5 a decision. Who looks at single decisions sees, at the second, shoppers of both kinds: 2 there, so 2 a decision.
 */
export function patienceLog(sessions: number, seed: number) {
  const random = seeded(`patience/${seed}`);
  const decisions: LoggedDecision[] = [];
  for (let s = 0; s < sessions; s++) {
    const [first, second] = [random.int(2), random.int(2)];
    const rewards = [first === 1 ? 2 : 1, first === 1 ? second : 3];
    [first, second].forEach((action, step) => {
      decisions.push({
        id: `d${2 * s + step}`,
        visitor: `v${s}`,
        session: '1',
        ts: 1000 * s + step,
        history: [],
        attributes: { step: step === 0 ? 'first' : 'second', taught: step === 1 && first === 1 },
        eligible: ['none', 'ten'],
        action: action === 1 ? 'ten' : 'none',
        propensity: 0.5,
        reward: rewards[step]! + 0.3 * random.normal(),
      });
    });
  }
  const dataset: TrialDataset = {
    decisions,
    events: [],
    products: [],
    promotions: [NONE, { id: 'ten', terms: { type: 'percentage', percent: 10 } }],
    shop: { currency: 'EUR', locale: 'en', attributes: { step: 'category', taught: 'boolean' }, slots: [] },
  };
  const target: SimulatedPolicy = {
    name: 'always ten',
    probabilities: async (requests) => requests.map(() => [0, 1]),
  };
  return { dataset, target, truth: 1.5, myopic: 2 };
}
