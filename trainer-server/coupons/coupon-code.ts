/**
 * Codes that cannot be guessed and can be read over the telephone: 128 bits in Crockford's base 32, and his check
 * symbol, which finds every single wrong character and every two that were swapped.
 * Source: https://www.crockford.com/base32.html
 */

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Remainders modulo 37 need five symbols more. */
const CHECK_SYMBOLS = `${DIGITS}*~$=U`;
/** 26 x 5 bits hold 128. */
const LENGTH = 26;
const GROUP = 9;

/** @param bytes 16 random ones. @returns 27 symbols in three groups */
export function codeOf(bytes: Uint8Array): string {
  if (bytes.length !== 16) throw new RangeError(`coupon code: expected 16 bytes, got ${bytes.length}`);
  let value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const check = CHECK_SYMBOLS[Number(value % 37n)]!;
  let text = '';
  for (let i = 0; i < LENGTH; i++) {
    text = DIGITS[Number(value & 31n)]! + text;
    value >>= 5n;
  }
  return grouped(text + check);
}

/**
 * A code as it is stored, from what somebody typed: case, spaces and hyphens are free; O is 0, I and L are 1.
 * @returns undefined where the check symbol does not fit
 */
export function readCode(typed: string): string | undefined {
  if (typed.length > 64) return undefined;
  const text = typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  if (text.length !== LENGTH + 1) return undefined;
  let value = 0n;
  for (const symbol of text.slice(0, LENGTH)) {
    const digit = DIGITS.indexOf(symbol);
    if (digit < 0) return undefined;
    value = value * 32n + BigInt(digit);
  }
  if (value >= 1n << 128n || CHECK_SYMBOLS[Number(value % 37n)] !== text[LENGTH]) return undefined;
  return grouped(text);
}

const grouped = (text: string): string =>
  [0, 1, 2].map((i) => text.slice(i * GROUP, (i + 1) * GROUP)).join('-');
