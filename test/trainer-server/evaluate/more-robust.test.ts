import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { moreRobust } from '../../../trainer-server/evaluate/estimators/more-robust.ts';
import { varianceWeights } from '../../../trainer-server/evaluate/reward-model.ts';
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
});
