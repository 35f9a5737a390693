import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DRAW_RANGE, drawOf, oneBit, randomizedBit, threshold } from '../../../shared/privacy/one-bit.ts';

describe('one randomized bit', () => {
  it('clips what it is given, and counts no number as nothing', () => {
    const mechanism = oneBit(1, 6);
    expect(threshold(mechanism, 100)).toBe(threshold(mechanism, 6));
    for (const value of [-1, Number.NaN, Number.NEGATIVE_INFINITY])
      expect(threshold(mechanism, value)).toBe(threshold(mechanism, 0));
    // p at epsilon 1 is 0.731059: worked by hand from e = 2.718282.
    expect(threshold(mechanism, 6) / DRAW_RANGE).toBeCloseTo(0.731059, 6);
    expect(threshold(mechanism, 0) / DRAW_RANGE).toBeCloseTo(0.268941, 6);
    expect(threshold(mechanism, 3) / DRAW_RANGE).toBeCloseTo(0.5, 6);
  });

  it('says 1 below the threshold and 0 from it on', () => {
    const mechanism = oneBit(1, 1);
    const t = threshold(mechanism, 0.25);
    expect([randomizedBit(mechanism, 0.25, t - 1), randomizedBit(mechanism, 0.25, t)]).toEqual([1, 0]);
  });

  it('is likelier the larger the value, in whole units', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 8, noNaN: true }),
        fc.double({ min: 0.01, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (epsilon, bound, a, b) => {
          const mechanism = oneBit(epsilon, bound);
          const [low, high] = [Math.min(a, b), Math.max(a, b)].map((x) => threshold(mechanism, x * bound));
          expect(Number.isSafeInteger(low)).toBe(true);
          expect(low).toBeLessThanOrEqual(high!);
        },
      ),
    );
  });

  it('draws from six bytes, the largest below the range', () => {
    expect(drawOf(new Uint8Array(6))).toBe(0);
    expect(drawOf(new Uint8Array(6).fill(255))).toBe(DRAW_RANGE - 1);
    expect(drawOf(Uint8Array.of(0, 0, 0, 0, 1, 2))).toBe(258);
  });

  it.each([
    [0, 1],
    [9, 1],
    [Number.NaN, 1],
    [1, 0],
    [1, Number.POSITIVE_INFINITY],
  ])('refuses epsilon %f with bound %f', (epsilon, bound) => {
    expect(() => oneBit(epsilon, bound)).toThrow(RangeError);
  });
});
