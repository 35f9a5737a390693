/** Text that only a holder of the key can have written: `base64url(JSON).base64url(HMAC-SHA256)`. */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '../../shared/canonical.ts';

/** Longer ones are not ours; reading stops before it costs anything. */
const LONGEST = 8_192;

export function signToken(payload: object, key: Buffer): string {
  const body = Buffer.from(canonicalJson(payload)).toString('base64url');
  return `${body}.${macOf(body, key)}`;
}

/** @returns the payload; undefined where one bit is not as it was signed */
export function readToken(token: string, key: Buffer): unknown {
  const [body, mac, more] = token.slice(0, LONGEST + 1).split('.');
  if (token.length > LONGEST || body === undefined || mac === undefined || more !== undefined)
    return undefined;
  // As text: decoding drops what is not base64url, so that many texts give the same bytes. Only the one that we write counts.
  const [given, wanted] = [Buffer.from(mac), Buffer.from(macOf(body, key))];
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  return JSON.parse(Buffer.from(body, 'base64url').toString());
}

const macOf = (body: string, key: Buffer): string =>
  createHmac('sha256', key).update(body).digest('base64url');
