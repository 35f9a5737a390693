import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { moreRobust } from '../../../trainer-server/evaluate/estimators/more-robust.ts';
import {
  crossFittedRewards,
  REWARD_MODEL,
  varianceWeights,
} from '../../../trainer-server/evaluate/reward-model.ts';
import { fitSpec } from '../../../trainer-server/policy/fit-spec.ts';
import { preparePolicyData } from '../../../trainer-server/policy/prepare.ts';
import { evidence } from '../../helpers/bandit-log.ts';

const meanOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;

describe('the more robust doubly robust estimator', () => {
  it('is DR on a model of its own, by hand', () => {
    const rows = [
      { reward: 2, weight: 0.5, fitted: 9, direct: 9 },
      { reward: 0, weight: 3, fitted: 9, direct: 9 },
    ];
    const robust = { fitted: Float64Array.from([1, 2]), direct: Float64Array.from([1.5, 4]) };
    const { part } = moreRobust.contributions({ ...evidence(rows), robust });
    // 1.5 + 0.5 (2 - 1) and 4 + 3 (0 - 2).
    expect([...part]).toEqual([2, -2]);
    expect(moreRobust.refusal!(evidence(rows))).toMatch(/no reward model/);
  });

  it('weighs what the logging policy seldom took, by the published formula', () => {
    // pi (1 - p) / p^2: 0.5 x 0.5 / 0.25 = 1, 0.9 x 0.9 / 0.01 = 81 and 0, over their mean 82 / 3.
    const weights = varianceWeights(Float64Array.from([0.5, 0.9, 0]), Float64Array.from([0.5, 0.1, 0.2]));
    for (const [i, expected] of [3 / 82, 243 / 82, 0].entries()) expect(weights[i]).toBeCloseTo(expected, 12);
    expect([...varianceWeights(new Float64Array(2), Float64Array.from([0.5, 0.5]))]).toEqual([1, 1]);
  });

  it('spreads less than DR where one number must stand for shoppers that the log met unevenly', () => {
    // The target always takes arm 1, logged with 0.9 for those who answer with 0 and 0.1 for those who answer with 4.
    const estimates = Array.from({ length: 300 }, (_, seed) => {
      const random = seeded(`uneven ${seed}`);
      const drawn = Array.from({ length: 200 }, () => {
        const keen = random.next() < 0.5;
        const p = keen ? 0.1 : 0.9;
        const taken = random.next() < p;
        return { p, taken, reward: (keen ? 4 : 0) + 0.5 * random.normal() };
      });
      const shown = drawn.filter(({ taken }) => taken);
      const count = varianceWeights(
        new Float64Array(shown.length).fill(1),
        Float64Array.from(shown, ({ p }) => p),
      );
      const weighted = meanOf(shown.map(({ reward }, i) => count[i]! * reward));
      const value = (model: number): number =>
        meanOf(drawn.map(({ p, taken, reward }) => model + (taken ? (reward - model) / p : 0)));
      return { dr: value(meanOf(shown.map(({ reward }) => reward))), mrdr: value(weighted) };
    });
    const spread = (name: 'dr' | 'mrdr') => Math.sqrt(meanOf(estimates.map((each) => (each[name] - 2) ** 2)));
    expect(spread('mrdr')).toBeLessThan(0.6 * spread('dr'));
  });

  it('fits a decision of weight 2 as two decisions', () => {
    const random = seeded('weights');
    const shop = { currency: 'EUR', locale: 'en', attributes: { age: 'number' as const }, slots: [] };
    const promotions = [{ id: 'a', terms: { type: 'message' as const } }];
    const drawn = Array.from({ length: 60 }, (_, i) => ({
      ...{ id: `${i}`, visitor: `v${i % 20}`, ts: i, history: [], eligible: ['none', 'a'] },
      ...{ attributes: { age: 20 + random.int(40) }, action: random.int(2) === 0 ? 'none' : 'a' },
      ...{ propensity: 0.5, reward: random.normal() },
    }));
    const about = { events: [], products: [], promotions, shop };
    const spec = fitSpec({ ...about, decisions: drawn });
    const rewardsOf = (decisions: typeof drawn, weight?: Float64Array): Float64Array =>
      crossFittedRewards(preparePolicyData({ ...about, decisions }, spec).data, REWARD_MODEL, weight);
    const weight = Float64Array.from(drawn, (_, i) => 1 + (i % 2));
    const twice = drawn.flatMap((decision, i) => Array.from({ length: weight[i]! }, () => decision));
    const repeated = rewardsOf(twice);
    const weighted = rewardsOf(drawn, weight);
    for (const [i, decision] of drawn.entries()) {
      const at = twice.indexOf(decision);
      for (const j of [0, 1]) expect(weighted[2 * i + j]).toBeCloseTo(repeated[2 * at + j]!, 6);
    }
    expect(rewardsOf(drawn)[0]).not.toBeCloseTo(weighted[0]!, 3);
  });
});
