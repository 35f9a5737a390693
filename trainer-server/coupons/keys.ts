/** The server's one coupon secret, and the keys that are derived from it: one for each site and purpose. */

import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What a derived key is for. A token of one purpose or site is noise to every other.
 * `subject` is the one that the shop's own server is given: with it the shop vouches for who is logged in.
 */
export type Purpose = 'grant' | 'subject' | 'pepper' | 'assignment' | 'preview';

export interface CouponKeys {
  of(site: string, purpose: Purpose): Buffer;
}

/** Reads `DIR/keys/coupons.key`, which the first start makes for its owner alone. It is not in the database. */
export function couponKeys(dir: string): CouponKeys {
  const path = join(dir, 'keys', 'coupons.key');
  mkdirSync(join(dir, 'keys'), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
  }
  return keysFrom(Buffer.from(readFileSync(path, 'utf8').trim(), 'hex'));
}

/** @param secret 32 bytes */
export function keysFrom(secret: Buffer): CouponKeys {
  if (secret.length !== 32)
    throw new Error(`coupon key: expected 32 bytes, got ${secret.length}: restore DB/keys/coupons.key`);
  const derived = new Map<string, Buffer>();
  return {
    of(site, purpose) {
      const name = `${purpose} ${site}`;
      const key = derived.get(name) ?? createHmac('sha256', secret).update(name).digest();
      derived.set(name, key);
      return key;
    },
  };
}

/** A customer as the database knows them: without the pepper, no list of addresses can be tried against it. */
export function subjectOf(keys: CouponKeys, site: string, customer: string): string {
  return createHmac('sha256', keys.of(site, 'pepper')).update(customer).digest('hex').slice(0, 32);
}
