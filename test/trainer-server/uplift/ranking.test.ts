import { describe, expect, it } from 'vitest';
import { effectBySlice, gainCurve, qini, ranked } from '../../../trainer-server/uplift/ranking.ts';

const own = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('ranking by predicted effect', () => {
  const effects = [0, 4, 0, 0];

  it('has the Qini coefficient of the area by hand: 3/8 for the best order of one effect of 4 in four, -3/8 for the worst', () => {
    // Gains at shares 1/4..1: 1, 1, 1, 1; by trapezoids 7/8, less the 1/2 of random order.
    const best = ranked(effects, own(4), [0, 9, 0, 0], own(4));
    expect(qini(best).value).toBeCloseTo(3 / 8, 12);
    const worst = ranked(effects, own(4), [3, -9, 2, 1], own(4));
    expect(qini(worst).value).toBeCloseTo(-3 / 8, 12);
  });

  it('is 0 where the effect is the same for all', () => {
    expect(qini(ranked([2, 2, 2, 2], own(4), [1, 2, 3, 4], own(4))).value).toBeCloseTo(0, 12);
  });

  it('orders ties by the tiebreak alone', () => {
    const order = ranked([10, 20, 30], own(3), [1, 1, 1], [0.5, 0.1, 0.9]);
    expect([...order.effect]).toEqual([20, 10, 30]);
  });

  it('gains, at the whole, the mean effect, and at half the best half of it', () => {
    const order = ranked([1, 5, 3, -1], own(4), [1, 5, 3, -1], own(4));
    const curve = gainCurve(order, 2);
    expect(curve.map(({ value }) => value)).toEqual([2, 2]);
    expect(curve.map(({ share }) => share)).toEqual([0.5, 1]);
    expect(effectBySlice(order, 2).map(({ value }) => value)).toEqual([4, 0]);
  });
});
