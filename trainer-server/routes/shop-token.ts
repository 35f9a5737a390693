/** The secret that lets the shop's own server report orders. */

import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads `DIR/keys/shop-server.token`, which the first start makes for its owner alone. */
export function shopToken(dir: string): string {
  const path = join(dir, 'keys', 'shop-server.token');
  mkdirSync(join(dir, 'keys'), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
  }
  return readFileSync(path, 'utf8').trim();
}
