import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, readCode } from '../../../trainer-server/coupons/coupon-code.ts';

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const bytes16 = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe('a coupon code', () => {
  it('is 128 bits in base 32 and a check symbol, worked out by hand', () => {
    expect(codeOf(new Uint8Array(16))).toBe('000000000-000000000-000000000');
    // 1 mod 37 = 1; 32 is written 10, and 32 mod 37 = 32, the first symbol after Z.
    expect(codeOf(new Uint8Array(16).fill(1, 15))).toBe('000000000-000000000-000000011');
    expect(codeOf(Uint8Array.from({ length: 16 }, (_, i) => (i === 15 ? 32 : 0)))).toBe(
      '000000000-000000000-00000010*',
    );
    // 2^128 - 1 is 7ZZ...Z; 2^36 = 1 (mod 37), so 2^128 = 2^20 = 1048576 = 33 (mod 37), less 1 is 32.
    expect(codeOf(new Uint8Array(16).fill(255))).toBe('7ZZZZZZZZ-ZZZZZZZZZ-ZZZZZZZZ*');
  });

  it('is read as it was typed: any case, hyphens or spaces, O for 0, I and L for 1', () => {
    fc.assert(
      fc.property(bytes16, (bytes) => {
        const code = codeOf(bytes);
        const typed = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
        expect(readCode(typed)).toBe(code);
      }),
    );
  });

  it('with one wrong symbol, or two neighbours swapped, is no code', () => {
    fc.assert(
      fc.property(bytes16, fc.nat(25), fc.nat(31), (bytes, place, digit) => {
        const text = codeOf(bytes).replaceAll('-', '');
        const wrong = text.slice(0, place) + DIGITS[digit] + text.slice(place + 1);
        if (wrong !== text) expect(readCode(wrong)).toBeUndefined();
        const [left, right] = [text[place]!, text[place + 1]!];
        const swapped = text.slice(0, place) + right + left + text.slice(place + 2);
        if (left !== right) expect(readCode(swapped)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('of another length or alphabet is none', () => {
    const code = codeOf(randomBytes(16));
    for (const text of [
      '',
      code.slice(1),
      `${code}0`,
      code.replace(/^./, 'Ü'),
      'Z'.repeat(27),
      'x'.repeat(1e6),
    ])
      expect(readCode(text)).toBeUndefined();
  });
});
