/** The SDK's releases on a device without a browser: a clock, a store and an endpoint of the test's own. */

import { vi } from 'vitest';
import { memoryStore } from '../../sdk/worker/memory-store.ts';
import { type Release, Releases } from '../../sdk/worker/release.ts';
import type { Store } from '../../sdk/worker/store.ts';
import type { TrustRoot } from '../../shared/trust-signatures.ts';
import type { Fixture } from './bundle-fixture.ts';
import { nodeVerifier } from './signing.ts';

export interface DeviceOptions {
  root: TrustRoot;
  store?: Store;
  /** Epoch ms. */
  now: number;
  /** What its server has, by the last part of the address; nothing yet where absent. */
  files?: Map<string, Uint8Array>;
}

/** Its `fetch` stands for everyone's, until vi.unstubAllGlobals. */
export function releaseDevice({ root, store = memoryStore(), now, files = new Map() }: DeviceOptions) {
  const installed: Release[] = [];
  const complaints: string[] = [];
  const state = { now, fetched: [] as string[], taken: 0 };
  vi.stubGlobal('fetch', async (url: string) => {
    state.fetched.push(url);
    const bytes = files.get(url.split('/').at(-1)!);
    return bytes === undefined
      ? new Response(null, { status: 404 })
      : new Response(bytes.slice() as Uint8Array<ArrayBuffer>);
  });
  const releases = new Releases({
    siteKey: 's',
    endpoint: 'http://endpoint.test',
    root,
    store,
    verifier: nodeVerifier,
    now: () => state.now,
    install: async (release) => void installed.push(release),
    taken: () => void state.taken++,
    failed: (error) => void complaints.push(String(error)),
  });
  const offer = async (fixture: Fixture): Promise<void> => {
    for (const [hash, bytes] of fixture.files) files.set(hash, bytes);
    await releases.offer(JSON.stringify(fixture.signed));
  };
  return { releases, offer, installed, complaints, files, state, store };
}
