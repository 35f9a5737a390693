import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponentOf, toMajor, toMinor } from '../../shared/money.ts';

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
