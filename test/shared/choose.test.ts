import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draw, EXPLORATION, type Exploration, probabilities } from '../../shared/choose.ts';
import { seeded } from '../../shared/random.ts';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });
const exploration: fc.Arbitrary<Exploration> = fc.record({
  uniformShare: fc.double({ min: 0, max: 1, noNaN: true }),
  floor: fc.double({ min: 0, max: 1, noNaN: true }),
  greed: fc.double({ min: 0, max: 1e4, noNaN: true }),
  unit: fc.double({ min: 0, max: 1e4, noNaN: true }),
});

describe('exploring probabilities', () => {
  it('agree with inverse-gap weighting worked by hand', () => {
    // Gaps 0, 1, 3 in units of 2, gamma 4: 1/(3 + 2) = 0.2, 1/(3 + 6) = 1/9, the best takes the rest.
    const p = probabilities([5, 4, 2], { uniformShare: 0, floor: 0, greed: 4, unit: 2 });
    expect(p[1]).toBeCloseTo(0.2, 12);
    expect(p[2]).toBeCloseTo(1 / 9, 12);
    expect(p[0]).toBeCloseTo(1 - 0.2 - 1 / 9, 12);
  });

  it('sum to one and keep the floor and the uniform slice', () => {
    fc.assert(
      fc.property(values, exploration, (net, how) => {
        const p = probabilities(net, how);
        const least = Math.max(Math.min(how.floor, 1 / net.length), how.uniformShare / net.length);
        expect(p.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 9);
        for (const x of p) expect(x).toBeGreaterThanOrEqual(least - 1e-12);
      }),
    );
  });

  it('never give a worse promotion more than a better one', () => {
    fc.assert(
      fc.property(values, exploration, (net, how) => {
        const p = probabilities(net, how);
        for (let i = 0; i < net.length; i++) {
          for (let j = 0; j < net.length; j++) {
            if (net[i]! > net[j]!) expect(p[i]!).toBeGreaterThanOrEqual(p[j]! - 1e-12);
          }
        }
      }),
    );
  });

  it('do not depend on the currency when the unit goes with it', () => {
    const dollars = probabilities([1, 2, 4], { ...EXPLORATION, unit: 0.5 });
    const cents = probabilities([100, 200, 400], { ...EXPLORATION, unit: 50 });
    for (const [i, p] of dollars.entries()) expect(p).toBeCloseTo(cents[i]!, 12);
  });

  it('are what a million draws show', () => {
    const p = probabilities([3, 1, 2, -5], EXPLORATION);
    const random = seeded('draws');
    const draws = 1_000_000;
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < draws; i++) counts[draw(p, random)]!++;
    // Five standard errors of a binomial: a false alarm in a million runs, and the seed is fixed anyway.
    for (const [i, x] of p.entries()) {
      expect(Math.abs(counts[i]! / draws - x)).toBeLessThan(5 * Math.sqrt((x * (1 - x)) / draws));
    }
  });
});
