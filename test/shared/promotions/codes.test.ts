import { webcrypto } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CODE_ALPHABET, createCode, readCode } from '../../../shared/promotions/codes.ts';
import { seeded } from '../../../shared/random.ts';

const secure = (bytes: Uint8Array<ArrayBuffer>) => webcrypto.getRandomValues(bytes);

describe('a coupon code', () => {
  it('holds 128 bits and a check character, in groups without look-alikes', () => {
    const code = createCode(secure);
    // 26 characters of 31 are 128.8 bits; one more checks them.
    expect(code).toMatch(/^([2-9A-HJKMNP-Z]{5}-){5}[2-9A-HJKMNP-Z]{2}$/);
    expect(readCode(code)).toBe(code.replaceAll('-', ''));
  });

  it('is read whatever case, spaces and hyphens it was typed with', () => {
    const code = createCode(secure, { prefix: 'TEA', bits: 64 });
    expect(readCode(` ${code.toLowerCase().replaceAll('-', ' ')} `)).toBe(code.replaceAll('-', ''));
  });

  it('notices every single wrong character and every swap of neighbours', () => {
    const random = seeded('codes');
    const fill = (bytes: Uint8Array<ArrayBuffer>) => bytes.map(() => random.int(256));
    for (let round = 0; round < 4; round++) {
      const code = readCode(createCode(fill))!;
      for (let i = 0; i < code.length; i++) {
        for (const other of CODE_ALPHABET) {
          if (other === code[i]) continue;
          expect(readCode(code.slice(0, i) + other + code.slice(i + 1))).toBeUndefined();
        }
        const [a, b] = [code[i]!, code[i + 1]];
        if (b === undefined || a === b) continue;
        expect(readCode(code.slice(0, i) + b + a + code.slice(i + 2))).toBeUndefined();
      }
    }
  });

  it('draws every character equally often, for bytes that are uniform', () => {
    // Each byte value once: 248 of 256 are used, 8 for each of 31 characters.
    let next = 0;
    const counting = (bytes: Uint8Array<ArrayBuffer>) => bytes.map(() => next++ % 256);
    const body = createCode(counting, { bits: 248 * Math.log2(31) - 1e-9, group: 1000 }).slice(0, 248);
    const counts = [...CODE_ALPHABET].map((char) => [...body].filter((one) => one === char).length);
    expect(counts).toEqual(Array.from({ length: 31 }, () => 8));
  });

  it('refuses a prefix that cannot be read back', () => {
    expect(() => createCode(secure, { prefix: 'SALE0' })).toThrow(/prefix: expected characters of/);
    expect(readCode('')).toBeUndefined();
    expect(readCode('0OIL1')).toBeUndefined();
  });
});
