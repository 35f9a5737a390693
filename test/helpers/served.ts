/** A bundle of a few bytes, published and served on a free loopback port. */

import { join } from 'node:path';
import type { FirstMeta } from '../../shared/bundle.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { issueToken } from '../../trainer-server/access/issue-token.ts';
import type { TokenRole } from '../../trainer-server/access/roles.ts';
import { createApp } from '../../trainer-server/app.ts';
import { CONFIG, type Config } from '../../trainer-server/config.ts';
import { type Bundle, openBundle, writeBundle } from '../../trainer-server/release/bundle.ts';
import { createKey, type ReleaseKey } from '../../trainer-server/release/keys.ts';
import type { PublishOptions } from '../../trainer-server/release/publish.ts';
import type { SdkFiles } from '../../trainer-server/routes/sdk-files.ts';
import { listen } from '../../trainer-server/server.ts';
import { openStore, type Store } from '../../trainer-server/store/store.ts';
import { temporaryFolder } from './import-here.ts';
import { MANIFEST } from './manifest-draft.ts';

export const NOW = Date.UTC(2026, 0, 1);

/**
 * @param content of its one JSON file: other content, other hash
 * @param trainer further files that are not published
 */
export async function smallBundle(
  content = 'first',
  verdict?: Manifest['verdict'],
  trainer: Record<string, string> = {},
  law?: FirstMeta['law'],
): Promise<Bundle> {
  const dir = join(temporaryFolder(), 'bundle');
  const repeated = JSON.stringify({
    content,
    padding: 'x'.repeat(2_000),
    shop: { currency: 'EUR', locale: 'en', attributes: {}, slots: [] },
    law,
  });
  await writeBundle(dir, {
    manifest: {
      ...MANIFEST,
      parts: verdict === undefined ? ['items'] : ['policy'],
      parity: { fp32_max_abs: 1e-6 },
      ...(verdict === undefined ? {} : { verdict }),
    },
    files: [
      { path: 'first.json', role: 'first-meta', group: 'first', bytes: Buffer.from(repeated) },
      { path: 'first.safetensors', role: 'first-tensors', group: 'first', bytes: Buffer.from([1, 2, 3]) },
    ],
    trainer: { 'costs.json': '{"secret":1}', ...trainer },
  });
  return openBundle(dir);
}

export interface Signing {
  store: Store;
  key: ReleaseKey;
  options: PublishOptions;
}

export function signing(now = NOW): Signing {
  const dir = temporaryFolder();
  const store = openStore(dir);
  const key = createKey(join(dir, 'keys'));
  return { store, key, options: { store, key, site: 'demo', expiresDays: 30, now } };
}

export const SHOP_TOKEN = 'the-token-of-the-shop';

export interface Served {
  url: string;
  /** What the server wrote for its operator. */
  log: string[];
  stop(): Promise<void>;
}

export async function serveStore(
  store: Store,
  sdk: SdkFiles = new Map(),
  config: Partial<Config> = {},
): Promise<Served> {
  const log: string[] = [];
  const whole = { ...CONFIG, port: 0, host: '127.0.0.1', ...config };
  issueToken(store, { role: 'shop-server', owner: 'shop server' }, NOW, undefined, SHOP_TOKEN);
  const app = createApp({
    store,
    sdk,
    config: whole,
    now: () => NOW,
    log: (text) => void log.push(text),
  });
  const server = await listen(app, whole);
  return { url: server.url, log, stop: () => server.stop() };
}

/** A bearer token of this role, as a request header. */
export function bearer(
  store: Store,
  role: TokenRole,
  owner: string,
  site?: string,
): { Authorization: string } {
  const { secret } = issueToken(store, { role, owner, ...(site === undefined ? {} : { site }) }, NOW);
  return { Authorization: `Bearer ${secret}` };
}
