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
