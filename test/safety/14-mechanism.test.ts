import { describe, expect, it } from 'vitest';
import {
  DRAW_RANGE,
  type OneBit,
  oneBit,
  randomizedBit,
  threshold,
  VALUE_STEPS,
} from '../../shared/privacy/one-bit.ts';
import { seeded } from '../../shared/random.ts';

/** e as a fraction that is below it: the partial sums of 1/k!, in exact arithmetic. */
function belowE(terms: number): [numerator: bigint, denominator: bigint] {
  let numerator = 1n;
  let denominator = 1n;
  for (let k = 1; k <= terms; k++) {
    denominator *= BigInt(k);
    numerator = numerator * BigInt(k) + 1n;
  }
  return [numerator, denominator];
}

/** Whether the largest ratio of either bit's chances, over every value there is, is at most e. Exact. */
function keepsOne(mechanism: OneBit): boolean {
  const { bound } = mechanism;
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let step = 0; step <= VALUE_STEPS; step++) {
    const t = threshold(mechanism, (bound * step) / VALUE_STEPS);
    least = Math.min(least, t);
    most = Math.max(most, t);
  }
  const [e, unit] = belowE(25);
  const atMostE = (a: number, b: number): boolean => BigInt(a) * unit <= BigInt(b) * e;
  return atMostE(most, least) && atMostE(DRAW_RANGE - least, DRAW_RANGE - most);
}

const SAMPLES = 200_000;

/** Standard errors between the share of ones among 200,000 bits and the definition's probability. */
function deviation(bitOf: (value: number, draw: number) => number, value: number, bound: number): number {
  const random = seeded(`bits ${value}`);
  let ones = 0;
  for (let i = 0; i < SAMPLES; i++) {
    const draw = random.int(2 ** 16) * 2 ** 32 + random.int(2 ** 32);
    ones += bitOf(value, draw);
  }
  const p = Math.E / (1 + Math.E);
  const expected = 1 - p + (value / bound) * (2 * p - 1);
  return (ones / SAMPLES - expected) / Math.sqrt((expected * (1 - expected)) / SAMPLES);
}

/** Of six normal tests at 4.8 sigma one in 100,000 fails by chance, and the seeds are fixed. */
const SIGMA = 4.8;
const VALUES = [0, 0.3, 1, 2.5, 5.9, 6];

describe('SAFETY 14: the one-bit mechanism', () => {
  const mechanism = oneBit(1, 6);

  it('never lets one value be more than e^eps likelier than another, exactly', () => {
    expect(keepsOne(mechanism)).toBe(true);
    expect(keepsOne(oneBit(1, 1))).toBe(true);
  });

  it('gives the bits of its definition: 200,000 samples a value within 4.8 sigma', () => {
    for (const value of VALUES)
      expect(Math.abs(deviation((x, draw) => randomizedBit(mechanism, x, draw), value, 6))).toBeLessThan(
        SIGMA,
      );
  });

  it('is caught when it spends 10 % more epsilon', () => {
    const mutant = oneBit(1.1, 6);
    expect(keepsOne(mutant)).toBe(false);
    const off = VALUES.map((value) => deviation((x, draw) => randomizedBit(mutant, x, draw), value, 6));
    expect(Math.max(...off.map(Math.abs))).toBeGreaterThan(SIGMA);
  });

  it('is caught when it spends the smallest unit of p too much', () => {
    expect(keepsOne({ ...mechanism, numerator: mechanism.numerator + 3 })).toBe(false);
  });

  it('is caught when its draws are biased by one in a hundred', () => {
    const biased = (x: number, draw: number): number => randomizedBit(mechanism, x, draw * 0.99);
    const off = VALUES.map((value) => deviation(biased, value, 6));
    expect(Math.max(...off.map(Math.abs))).toBeGreaterThan(SIGMA);
  });
});
