/** Amounts of money as people write them: "12,50 EUR", "$3.99", "1.234,50 €". */

import * as v from 'valibot';
import { BadInput, show } from './errors.ts';
import { exponentOf, type Minor, toMinor } from './money.ts';

/** Major units in a file: a number, or text that names one amount. */
export const moneySchema = v.union([v.number(), v.string()]);

/** @throws BadInput for text that is no amount in `currency`, or that may be read in two ways */
export function moneyOf(told: number | string, currency: string, field: string): Minor {
  return toMinor(typeof told === 'number' ? told : amountOf(told, currency, field), currency, field);
}

/** A sign or code, a numeral that may end in ".-" for no cents, a sign or code. */
const AMOUNT = /^([^\d-]*?)\s*(\d(?:[\d\s.,']*\d)?)(?:[.,][-–—]{1,2})?\s*([^\d-]*)$/;

/** Major units. */
function amountOf(text: string, currency: string, field: string): number {
  const [, before, numeral, after] =
    AMOUNT.exec(text.replaceAll('’', "'").trim()) ?? refuse(text, currency, field);
  // Signs alone, for "12⁵⁰" must not become 1250.
  const signs = [before!, after!].map((sign) => sign.normalize('NFKC').trim().toLowerCase());
  if (!signs.every((sign) => sign === '' || signsOf(currency).has(sign)))
    refuse(text, currency, field, 'shop.json names the currency of all prices');
  return (
    readNumeral(numeral!, exponentOf(currency)) ??
    refuse(text, currency, field, 'Write a number, 1234.5, or both separators, 1,234.50')
  );
}

/**
 * The currency that an amount names, by code or by a sign that is no other one's; a bare "$" is taken for USD and "¥",
 * which two large countries write, for none.
 */
export function currencyIn(told: unknown): string | undefined {
  const [, before, , after] = (typeof told === 'string' && AMOUNT.exec(told.trim())) || [];
  const sign = (before || after || '').normalize('NFKC').trim().toLowerCase();
  if (sign === '' || sign === '¥') return undefined;
  const codes = Intl.supportedValuesOf('currency').filter((code) => signsOf(code).has(sign));
  const first = codes.filter((code) => written(code, 'symbol').toLowerCase() === sign);
  return first.length === 1 ? first[0] : codes.length === 1 ? codes[0] : undefined;
}

function refuse(text: string, currency: string, field: string, fix?: string): never {
  throw new BadInput({ field }, `one amount in ${currency}, read in one way`, show(text), fix);
}

/** Thousands, or lakhs and crores: groups of three digits or two, all with one separator, the last of three. */
const GROUPED = /^\d{1,3}([.,'\s])(?:\d{2,3}\1)*\d{3}$/;

/**
 * One separator may end the whole part or group its digits: "12,50" can only be the first and "1,234,567" only the
 * second, but "1,234" is a thousand to some and little more than one to others.
 * @param exponent decimals of the currency: one without any has nothing for a separator to set apart
 * @returns undefined where it may be read in two ways, or in none
 */
function readNumeral(numeral: string, exponent: number): number | undefined {
  const [, whole, tail] = /^(.*)[.,](\d+)$/.exec(numeral) ?? [];
  if (whole === undefined) return readWhole(numeral);
  const groups = readWhole(numeral);
  if (groups === undefined || whole === '0') return withDecimals(readWhole(whole), tail!);
  if (/^\d+$/.test(whole)) return exponent === 0 ? groups : undefined;
  return groups;
}

const withDecimals = (whole: number | undefined, decimals: string): number | undefined =>
  whole === undefined ? undefined : Number(`${whole}.${decimals}`);

const readWhole = (digits: string): number | undefined =>
  /^\d+$/.test(digits) || GROUPED.test(digits) ? Number(digits.replace(/\D/g, '')) : undefined;

/** How a currency is written where it is at home, beside what every runtime knows. */
const AT_HOME: Readonly<Record<string, readonly string[]>> = {
  CHF: ['fr.', 'sfr.'],
  CNY: ['元', 'rmb'],
  DKK: ['kr.'],
  EUR: ['euro', 'euros'],
  INR: ['rs', 'rs.'],
  JPY: ['円'],
  KRW: ['원'],
  TWD: ['元', 'nt$'],
};

const known = new Map<string, ReadonlySet<string>>();

/** Code, symbol and narrow symbol, in small letters: "usd", "$", "us$". */
function signsOf(currency: string): ReadonlySet<string> {
  let signs = known.get(currency);
  if (signs === undefined) {
    const code = currency.toUpperCase();
    const symbols = [written(code, 'symbol'), written(code, 'narrowSymbol')];
    const dollar = symbols.includes('$') ? [`${code.slice(0, 2)}$`] : [];
    signs = new Set(
      [code, ...symbols, ...dollar, ...(AT_HOME[code] ?? [])].map((sign) => sign.toLowerCase()),
    );
    known.set(currency, signs);
  }
  return signs;
}

const written = (currency: string, currencyDisplay: 'symbol' | 'narrowSymbol'): string =>
  new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay })
    .formatToParts(0)
    .find(({ type }) => type === 'currency')?.value ?? currency;
