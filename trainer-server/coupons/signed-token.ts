/** Text that only a holder of the key can have written: `base64url(JSON).base64url(HMAC-SHA256)`. */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '../../shared/canonical.ts';

/** Longer ones are not ours; reading stops before it costs anything. */
const LONGEST = 8_192;

export function signToken(payload: object, key: Buffer): string {
  const body = Buffer.from(canonicalJson(payload)).toString('base64url');
  return `${body}.${macOf(body, key).toString('base64url')}`;
}

/** @returns the payload; undefined where one bit is not as it was signed */
export function readToken(token: string, key: Buffer): unknown {
  const [body, mac, more] = token.slice(0, LONGEST + 1).split('.');
  if (token.length > LONGEST || body === undefined || mac === undefined || more !== undefined)
    return undefined;
  const given = Buffer.from(mac, 'base64url');
  const wanted = macOf(body, key);
  // Decoding drops what is not base64url, so that many texts give these bytes: only the one that we write counts.
  if (given.length !== wanted.length || given.toString('base64url') !== mac) return undefined;
  if (!timingSafeEqual(given, wanted)) return undefined;
  return JSON.parse(Buffer.from(body, 'base64url').toString());
}

const macOf = (body: string, key: Buffer): Buffer => createHmac('sha256', key).update(body).digest();
