import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import {
  crossFittedRewards,
  REWARD_MODEL,
  varianceWeights,
} from '../../../trainer-server/evaluate/reward-model.ts';
import { fitSpec } from '../../../trainer-server/policy/fit-spec.ts';
import type { PolicyData } from '../../../trainer-server/policy/policy-data.ts';
import { preparePolicyData } from '../../../trainer-server/policy/prepare.ts';

/** Every visitor decides three times; `reward` is told what all three have in common. */
function logOf(visitors: number, reward: (shared: number, age: number) => number, seed: string) {
  const random = seeded(seed);
  return Array.from({ length: visitors }, (_, k) => {
    const shared = random.normal();
    const age = 20 + random.int(40);
    return [0, 1, 2].map((i) => ({
      ...{ id: `${k}-${i}`, visitor: `v${k}`, ts: 3 * k + i, history: [], eligible: ['none', 'a'] },
      ...{ attributes: { age, code: `c${k}` }, action: random.int(2) === 0 ? 'none' : 'a' },
      ...{ propensity: 0.5, reward: reward(shared, age) },
    }));
  }).flat();
}

type Log = ReturnType<typeof logOf>;

const ABOUT = {
  ...{ events: [], products: [], promotions: [{ id: 'a', terms: { type: 'message' as const } }] },
  shop: {
    ...{ currency: 'EUR', locale: 'en', slots: [] },
    attributes: { age: 'number' as const, code: 'category' as const },
  },
};

const dataOf = (decisions: Log, spec = fitSpec({ ...ABOUT, decisions })): PolicyData =>
  preparePolicyData({ ...ABOUT, decisions }, spec).data;

/** Of what is modelled of the logged actions with their rewards. */
function correlation(data: PolicyData, modelled: Float64Array): number {
  const x = Array.from(data.reward, (_, i) => modelled[data.offsets[i]! + data.chosen[i]!]!);
  const y = Array.from(data.reward);
  const centred = (values: number[]): number[] => {
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    return values.map((v) => v - mean);
  };
  const [a, b] = [centred(x), centred(y)];
  const dot = (p: number[], q: number[]): number => p.reduce((sum, v, i) => sum + v * q[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe('cross-fitted rewards', () => {
  it('know nothing of what a visitor earned, though an attribute names the visitor', () => {
    const data = dataOf(logOf(30, (shared) => 5 * shared, 'named'));
    // Own decisions of the same visitor would tell: one fold is as good as none.
    const told = { ...REWARD_MODEL, folds: 3 };
    expect(Math.abs(correlation(data, crossFittedRewards(data, told)))).toBeLessThan(0.3);
  });

  it('find what holds for other visitors', () => {
    const data = dataOf(logOf(200, (_, age) => age / 10, 'age'));
    expect(correlation(data, crossFittedRewards(data))).toBeGreaterThan(0.9);
  });

  it('count a decision of weight 2 as two decisions', () => {
    const drawn = logOf(20, (shared) => shared, 'weights');
    const spec = fitSpec({ ...ABOUT, decisions: drawn });
    const weight = Float64Array.from(drawn, (_, i) => 1 + (i % 2));
    const twice = drawn.flatMap((decision, i) => Array.from({ length: weight[i]! }, () => decision));
    const repeated = crossFittedRewards(dataOf(twice, spec));
    const weighted = crossFittedRewards(dataOf(drawn, spec), REWARD_MODEL, weight);
    for (const [i, decision] of drawn.entries()) {
      const at = twice.indexOf(decision);
      for (const j of [0, 1]) expect(weighted[2 * i + j]).toBeCloseTo(repeated[2 * at + j]!, 6);
    }
    expect(crossFittedRewards(dataOf(drawn, spec))[0]).not.toBeCloseTo(weighted[0]!, 3);
  });
});

describe('weights for the variance of DR', () => {
  it('favour what the logging policy seldom took, by the published formula', () => {
    // pi (1 - p) / p^2: 0.5 x 0.5 / 0.25 = 1, 0.9 x 0.9 / 0.01 = 81 and 0, over their mean 82 / 3.
    const weights = varianceWeights(Float64Array.from([0.5, 0.9, 0]), Float64Array.from([0.5, 0.1, 0.2]));
    for (const [i, expected] of [3 / 82, 243 / 82, 0].entries()) expect(weights[i]).toBeCloseTo(expected, 12);
    expect([...varianceWeights(new Float64Array(2), Float64Array.from([0.5, 0.5]))]).toEqual([1, 1]);
  });
});
