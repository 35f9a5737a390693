import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { nextPacing, priceFor, spendAt, startPacing } from '../../../trainer-server/policy/pacing.ts';

const CURVE = [
  { price: 0, spend: 4 },
  { price: 1, spend: 2 },
  { price: 2, spend: 1 },
];

describe('pacing', () => {
  it('reads prices and spends off the curve, and each undoes the other', () => {
    expect(spendAt(CURVE, 0.5)).toBe(3);
    expect(priceFor(CURVE, 3)).toBe(0.5);
    expect(priceFor(CURVE, spendAt(CURVE, 1.25))).toBeCloseTo(1.25, 9);
  });

  it('is free where the budget is ample, and as dear as it can be where there is none', () => {
    expect(startPacing(CURVE, { left: 500, periods: 1, decisions: 100 }).price).toBe(0);
    expect(startPacing(CURVE, { left: 0, periods: 1, decisions: 100 }).price).toBe(2);
  });

  it('meets the budget where the shop spends half as much again as the curve expects', () => {
    const random = seeded('pacing');
    const [periods, decisions, budget] = [60, 200, 20_000];
    let left = budget;
    let pacing = startPacing(CURVE, { left, periods, decisions });
    for (let period = 0; period < periods; period++) {
      const spent = decisions * 1.5 * spendAt(CURVE, pacing.price) * (0.8 + 0.4 * random.next());
      left -= spent;
      const coming = { left, periods: periods - period - 1, decisions };
      pacing = nextPacing(CURVE, pacing, { spent, decided: decisions }, coming);
    }
    expect(Math.abs(left) / budget).toBeLessThan(0.02);
    // 20,000 / 12,000 a decision, which the curve calls 1.11.
    expect(pacing.correction).toBeGreaterThan(1.3);
    expect(pacing.correction).toBeLessThan(1.7);
  });
});
