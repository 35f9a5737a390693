/** The token that a fresh installation gives the shop's own server, so that it can report orders without a set-up. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../store/store.ts';
import { issueToken } from './issue-token.ts';
import { newToken, tokenHash } from './token.ts';

/**
 * Reads `DIR/keys/shop-server.token`, which the first start makes for its owner alone, and makes it known. Once
 * revoked it stays so: write another secret into the file, or make tokens with `promo-edge tokens`.
 */
export function registerShopToken(store: Store, now: number): string {
  const path = join(store.dir, 'keys', 'shop-server.token');
  mkdirSync(join(store.dir, 'keys'), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, `${newToken()}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
  }
  const secret = readFileSync(path, 'utf8').trim();
  if (store.tokens.byHash(tokenHash(secret)) === undefined) {
    issueToken(store, { role: 'shop-server', owner: 'shop server' }, now, undefined, secret);
  }
  return secret;
}
