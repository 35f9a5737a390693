/** Money as integers of the currency's minor unit (cents, yen, fils). Files carry decimal major units. */

import { BadInput, show } from './errors.ts';

/** An integer count of minor units. */
export type Minor = number;

/** ISO 4217 exponents that are not 2. Source: ISO 4217 amendment list, active codes. */
const EXPONENTS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};

/** Decimals of a currency's minor unit: 2 unless ISO 4217 says otherwise. */
export function exponentOf(currency: string): number {
  return EXPONENTS[currency.toUpperCase()] ?? 2;
}

/**
 * Decimal major units (as files carry them) to minor units, rounded half away from zero.
 * Rounding goes through the decimal text, so 1.005 EUR is 101 cents and not 100.
 */
export function toMinor(major: number, currency: string, field = 'price'): Minor {
  if (!Number.isFinite(major)) throw new BadInput({ field }, 'a finite amount of money', show(major));
  const shifted = Number(
    `${Math.abs(major).toString().includes('e') ? Math.abs(major).toFixed(12) : Math.abs(major)}e${exponentOf(currency)}`,
  );
  const minor = Math.sign(major) * Math.round(shifted);
  if (!Number.isSafeInteger(minor))
    throw new BadInput({ field }, 'an amount below 9e15 minor units', show(major));
  return minor === 0 ? 0 : minor;
}

/** Minor units to decimal major units, for files and people. */
export function toMajor(minor: Minor, currency: string): number {
  return Number(`${minor}e-${exponentOf(currency)}`);
}

/** How a share of a price becomes whole minor units. Amounts are never negative, so half-up is half away from zero. */
export type Rounding = 'half-up' | 'half-even' | 'down';

/**
 * `amount * numerator / denominator` of non-negative integers, rounded once from the exact value: products beyond
 * 2^53 go through BigInt, since a rounded product would lose the last cent of a large order.
 */
export function ratioOf(
  amount: Minor,
  numerator: number,
  denominator: number,
  rounding: Rounding = 'half-up',
): Minor {
  const { quotient, remainder } = divide(amount, numerator, denominator);
  if (rounding === 'down' || remainder === 0) return quotient;
  // Twice the remainder may pass 2^53, the distance to the denominator may not.
  const excess = remainder - (denominator - remainder);
  const up = excess > 0 || (excess === 0 && (rounding === 'half-up' || quotient % 2 === 1));
  return up ? quotient + 1 : quotient;
}

/** The ten-thousandths of a percent that a share is computed with: percentages are taken to four decimals. */
export const PERCENT_UNITS = 1_000_000;

/** A percentage as an integer count of PERCENT_UNITS of the whole, so that 12.5 % is exact. */
export function percentUnits(percent: number): number {
  return Math.round(percent * 10_000);
}

/** `percent` of an amount, rounded once. */
export function percentageOf(amount: Minor, percent: number, rounding?: Rounding): Minor {
  return ratioOf(amount, percentUnits(percent), PERCENT_UNITS, rounding);
}

/**
 * An amount over weights in proportion, to the last unit: each its whole part, then one unit each to the largest
 * remainders (Hamilton's method), ties to the larger weight, then to the earlier one. Where the amount is at most the
 * sum of the weights, no part exceeds its weight. Amount and weights are non-negative integers.
 */
export function allocate(amount: Minor, weights: readonly Minor[]): Minor[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  if (whole === 0 || amount === 0) return weights.map(() => 0);
  if (amount === whole) return [...weights];
  const remainders: number[] = [];
  let left = amount;
  const parts = weights.map((weight, i) => {
    const { quotient, remainder } = divide(amount, weight, whole);
    remainders[i] = remainder;
    left -= quotient;
    return quotient;
  });
  if (left === 0) return parts;
  const order = weights.map((_, i) => i);
  order.sort((a, b) => remainders[b]! - remainders[a]! || weights[b]! - weights[a]! || a - b);
  for (let k = 0; k < left; k++) parts[order[k]!]!++;
  return parts;
}

/** Quotient and remainder of `a * b / d`, exact for every pair of safe integers whose quotient is one. */
function divide(a: number, b: number, d: number): { quotient: number; remainder: number } {
  const product = a * b;
  if (product <= Number.MAX_SAFE_INTEGER) {
    // A float quotient may round up to the next integer; the remainder of integers is exact.
    const remainder = product % d;
    return { quotient: (product - remainder) / d, remainder };
  }
  const exact = BigInt(a) * BigInt(b);
  return { quotient: Number(exact / BigInt(d)), remainder: Number(exact % BigInt(d)) };
}
