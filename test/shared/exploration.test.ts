import { describe, expect, it } from 'vitest';
import { draw, EXPLORATION } from '../../shared/choose.ts';
import { type DecisionModel, decide, weigh } from '../../shared/decide.ts';
import { seeded } from '../../shared/random.ts';
import { ENGINE, MODEL, NOON, requestOf, SURROUNDINGS } from '../helpers/policy.ts';

const DRAWS = 1_000_000;

/** 5 for the amount and 8 for the percentage (0.8 of 25 %), before what they cost. One more promotion than may be shown, and a price of budget that turns the order of the others round. */
const OFFERED: DecisionModel = {
  ...MODEL,
  promotions: new Map([
    ...SURROUNDINGS.promotions,
    ['over', { id: 'over', terms: { type: 'percentage', percent: 50 }, schedule: { ends: NOON } }],
  ]),
  budgetCost: { 'tea-20': 4, 'ten-off': 0.5 },
  budgetPrice: 1,
  exploration: { ...EXPLORATION, unit: 5 },
};

describe('exploration after masks and the price of budget', () => {
  it('draws a million times with just the propensities that are logged', async () => {
    const { candidates, net, probabilities } = await weigh(requestOf(), OFFERED, ENGINE);
    expect(candidates.map(({ id }) => id)).toEqual(['none', 'ten-off', 'tea-20']);
    expect(net).toEqual([0, 4.5, 4]);
    const random = seeded('a million draws');
    const counts = new Float64Array(candidates.length);
    for (let i = 0; i < DRAWS; i++) counts[draw(probabilities, random)]!++;
    probabilities.forEach((p, i) => {
      expect(Math.abs(counts[i]! / DRAWS - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / DRAWS));
      // The permanent random slice: nothing is ever out of sight.
      expect(p).toBeGreaterThanOrEqual(EXPLORATION.uniformShare / candidates.length);
    });
  });

  it('logs with each action the probability it was drawn with', async () => {
    const { candidates, probabilities } = await weigh(requestOf(), OFFERED, ENGINE);
    const random = seeded('logged');
    for (let i = 0; i < 200; i++) {
      const { action, propensity } = await decide(requestOf(), OFFERED, ENGINE, { random, clock: () => 0 });
      expect(propensity).toBe(probabilities[candidates.findIndex(({ id }) => id === action)]);
    }
  });
});
