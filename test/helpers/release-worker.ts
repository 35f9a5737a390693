/**
 * A worker that takes releases as the SDK's does, with everything already fetched: what is left is verification and
 * the swap in IndexedDB. Messages: ReleaseRun; answer: ReleaseTimes.
 */

import { startWorker } from '../../sdk/start-worker.ts';
import { verifier as portable } from '../../sdk/worker/portable-crypto.ts';
import { Releases } from '../../sdk/worker/release.ts';
import { apiStarter } from '../../sdk/worker/start-api.ts';
import { openStore } from '../../sdk/worker/store.ts';
import { openVerifier } from '../../sdk/worker/verifier.ts';
import type { TrustRoot } from '../../shared/trust-signatures.ts';

export interface ReleaseRun {
  /** Of the database. */
  site: string;
  /** `no-ed25519`: WebCrypto's hashes and the portable signatures, as in browsers of before 2025. */
  verifier: 'web' | 'no-ed25519' | 'portable';
  root: TrustRoot;
  /** Texts of manifests under rising versions, taken one after the other. */
  manifests: string[];
  /** SHA-256 of every file, fetched from /SHA before anything is timed. */
  files: string[];
}

export interface ReleaseTimes {
  /** Milliseconds from the offer to the committed transaction, one a manifest. */
  swaps: number[];
  /** Milliseconds of these until the release is taken: signatures and hashes. */
  verifications: number[];
  /** Milliseconds to read, verify and take up the kept release. */
  restore: number;
  complaints: string[];
}

addEventListener('message', async ({ data }: MessageEvent<ReleaseRun>) => {
  try {
    postMessage(await run(data));
  } catch (error) {
    postMessage({ error: String(error) });
  }
});

async function run({ site, verifier, root, manifests, files }: ReleaseRun): Promise<ReleaseTimes> {
  const bytes = new Map<string, Uint8Array>();
  for (const sha of files)
    bytes.set(sha, new Uint8Array(await (await fetch(`${location.origin}/${sha}`)).arrayBuffer()));
  const store = await openStore(site, Date.now());
  const web = openVerifier(apiStarter(location.origin, startWorker));
  const crypto = { web, portable, 'no-ed25519': { sha256: web.sha256, verify: portable.verify } }[verifier];
  const complaints: string[] = [];
  let taken = 0;
  const device = (): Releases =>
    new Releases({
      ...{ siteKey: site, endpoint: location.origin, root, store, verifier: crypto, now: Date.now },
      have: async (sha) => bytes.get(sha),
      install: async () => undefined,
      taken: () => {
        taken = performance.now();
      },
      failed: (error) => void complaints.push(String(error)),
    });
  const times: ReleaseTimes = { swaps: [], verifications: [], restore: 0, complaints };
  const releases = device();
  for (const text of manifests) {
    const began = performance.now();
    await releases.offer(text);
    times.swaps.push(performance.now() - began);
    times.verifications.push(taken - began);
  }
  const again = device();
  const began = performance.now();
  await again.restore();
  times.restore = performance.now() - began;
  if (!(await store.durable())) throw new Error('expected IndexedDB');
  return times;
}
