/** Coupon codes: readable, unguessable, and with a check character that catches slips of the hand. */

import { BadInput, show } from '../errors.ts';

/** Digits and capitals without 0, O, 1, I and L: 31 characters, a prime, which the check character needs. */
export const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

const BASE = CODE_ALPHABET.length;

/**
 * A primitive root modulo 31: no power of it is 0 and neighbouring powers differ. Reading the code as a polynomial at
 * this point modulo a prime therefore notices every single wrong character and every swap of two neighbours.
 */
const ROOT = 3;

export interface CodeOptions {
  /** Least bits of randomness: 128 cannot be guessed, whatever the rate limit. */
  bits: number;
  /** Put before the random part and not protected by it, e.g. "TEA". */
  prefix: string;
  /** Characters between hyphens. */
  group: number;
}

export const CODE_OPTIONS: CodeOptions = { bits: 128, prefix: '', group: 5 };

/** @param random fills with uniform bytes, as `crypto.getRandomValues` does @throws BadInput for a prefix of other characters */
export function createCode(
  random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array,
  options: Partial<CodeOptions> = {},
): string {
  const { bits, prefix, group } = { ...CODE_OPTIONS, ...options };
  const head = normalised(prefix);
  if (![...head].every((char) => CODE_ALPHABET.includes(char)))
    throw new BadInput({ field: 'prefix' }, `characters of ${CODE_ALPHABET}`, show(prefix));
  const body = head + randomCharacters(Math.ceil(bits / Math.log2(BASE)), random);
  return grouped(body + checkCharacter(body), group);
}

/** The code without hyphens, spaces and case, or undefined where it was mistyped. */
export function readCode(typed: string): string | undefined {
  const code = normalised(typed);
  if (code.length < 2 || ![...code].every((char) => CODE_ALPHABET.includes(char))) return undefined;
  return residue(code) === 0 ? code : undefined;
}

function normalised(typed: string): string {
  return typed.replace(/[\s-]/g, '').toUpperCase();
}

/** Bytes from 248 on are dropped: 256 is no multiple of 31, and a remainder would favour the first characters. */
function randomCharacters(count: number, random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  let out = '';
  while (out.length < count) {
    for (const byte of random(new Uint8Array(count - out.length)))
      if (byte < 256 - (256 % BASE)) out += CODE_ALPHABET[byte % BASE];
  }
  return out;
}

function checkCharacter(body: string): string {
  return CODE_ALPHABET[(BASE - ((residue(body) * ROOT) % BASE)) % BASE]!;
}

const residue = (code: string): number =>
  [...code].reduce((value, char) => (value * ROOT + CODE_ALPHABET.indexOf(char)) % BASE, 0);

function grouped(code: string, size: number): string {
  return code.match(new RegExp(`.{1,${size}}`, 'g'))!.join('-');
}
