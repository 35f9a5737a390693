import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, exponentOf, percentageOf, ratioOf, toMajor, toMinor } from '../../shared/money.ts';

describe('money', () => {
  it('knows currencies of zero, two and three decimals', () => {
    expect([exponentOf('JPY'), exponentOf('eur'), exponentOf('KWD')]).toEqual([0, 2, 3]);
    expect([toMinor(1234, 'JPY'), toMinor(12.34, 'EUR'), toMinor(1.234, 'KWD')]).toEqual([1234, 1234, 1234]);
  });

  it('rounds the decimal that was written, not its binary neighbour', () => {
    // 1.005 is 1.00499999999999989... in binary; a shop that writes 1.005 means 101 cents.
    expect(toMinor(1.005, 'EUR')).toBe(101);
    expect(toMinor(-1.005, 'EUR')).toBe(-101);
    expect(toMinor(8.165, 'GBP')).toBe(817);
    expect(Object.is(toMinor(-0.001, 'EUR'), 0)).toBe(true);
  });

  it('refuses what is no amount', () => {
    expect(() => toMinor(Number.NaN, 'EUR', 'cost')).toThrow(/cost: expected a finite amount/);
    expect(() => toMinor(1e16, 'EUR')).toThrow(/below 9e15/);
  });

  it('goes to major units and back without loss', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.constantFrom('JPY', 'USD', 'TND'),
        (minor, currency) => {
          expect(toMinor(toMajor(minor, currency), currency)).toBe(minor === 0 ? 0 : minor);
        },
      ),
    );
  });
});

describe('a share of an amount', () => {
  it('is rounded once, from the exact value', () => {
    // 1005 x 10 % = 100.5; 0.335 of 1000; beyond 2^53: 9e15 x 999999 / 1000000 exactly.
    expect([percentageOf(1005, 10), percentageOf(1000, 33.5), percentageOf(1, 0)]).toEqual([101, 335, 0]);
    expect(ratioOf(9_000_000_000_000_000, 999_999, 1_000_000)).toBe(8_999_991_000_000_000);
    expect(ratioOf(25, 1, 10, 'half-even')).toBe(2);
    expect(ratioOf(35, 1, 10, 'half-even')).toBe(4);
    expect(ratioOf(29, 1, 10, 'down')).toBe(2);
  });

  it('agrees with BigInt arithmetic for every size', () => {
    const amount = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(amount, fc.integer({ min: 0, max: 1e6 }), (value, part) => {
        const exact = (2n * BigInt(value) * BigInt(part) + 1_000_000n) / 2_000_000n;
        expect(BigInt(ratioOf(value, part, 1e6))).toBe(exact);
      }),
    );
  });
});

describe('an amount allocated over weights', () => {
  it('gives the odd units to the largest remainders, then to the larger weight, then to the earlier', () => {
    // 100 over thirds: 33.33 each, the first gets the odd one.
    expect(allocate(100, [1, 1, 1])).toEqual([34, 33, 33]);
    // 2 units over 3:2:1 are 1, 0.67 and 0.33.
    expect(allocate(2, [3, 2, 1])).toEqual([1, 1, 0]);
    // 1 unit over 1:3 is 0.25 and 0.75.
    expect(allocate(1, [1, 3])).toEqual([0, 1]);
    // 2.5 each, equal weights: the earlier.
    expect(allocate(5, [10, 10])).toEqual([3, 2]);
    expect(allocate(7, [0, 0])).toEqual([0, 0]);
  });

  it('adds up, stays within a unit of the exact share, and never passes a weight', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 1e13 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        const whole = list.reduce((sum, weight) => sum + weight, 0);
        const amount = Math.floor(whole * share);
        const parts = allocate(amount, list);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(amount);
        parts.forEach((part, i) => {
          expect(part).toBeLessThanOrEqual(list[i]!);
          const off = BigInt(part) * BigInt(whole) - BigInt(amount) * BigInt(list[i]!);
          expect((off < BigInt(whole) && -off < BigInt(whole)) || whole === 0).toBe(true);
        });
      }),
    );
  });
});
