/** Verification and swap of a release of 1 MB in a worker of headless Chromium, everything fetched beforehand. */

import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { FileRole, Manifest, ManifestFile } from '../../shared/manifest.ts';
import type { TrustRoot } from '../../shared/trust-signatures.ts';
import { bundleFixture } from '../helpers/bundle-fixture.ts';
import type { ReleaseRun, ReleaseTimes } from '../helpers/release-worker.ts';
import { keySet, signRoot } from '../helpers/roots.ts';
import { signingKey, signManifest } from '../helpers/signing.ts';
import { openWorkerPage } from '../helpers/worker-page.ts';
import type { Bench } from './bench.ts';

/** Bytes, as a release of a middling shop has them: 1 MB over the roles of a real one. */
const SIZES: Partial<Record<FileRole, number>> = {
  'first-meta': 24_000,
  'first-tensors': 176_000,
  catalogue: 200_000,
  products: 260_000,
  'text-tensors': 240_000,
  search: 100_000,
};
const RUNS = 30;

export const bench: Bench = {
  summary:
    'verification and swap of a release of 1 MB in the worker: pinned key, root, portable crypto, restart',
  async run({ quick, say }) {
    const runs = quick ? 6 : RUNS;
    const release = signingKey();
    const holders = [signingKey(), signingKey(), signingKey()];
    const { signed } = (await bundleFixture({ key: release })).signed;
    const [one, two] = [filesOf(), filesOf()];
    const served = Object.fromEntries([...one, ...two].map(({ file, bytes }) => [file.sha256, bytes]));
    const document = await signRoot({
      ...{ version: 1, root: keySet(holders, 2), release: keySet([release]), signers: holders.slice(1) },
    });
    // They take turns, so that every swap writes all of its files and deletes all of the others.
    const manifests = async (change: Partial<Manifest>, root?: unknown): Promise<string[]> => {
      const texts = Array.from({ length: runs }, async (_, i) => {
        const files = (i % 2 === 0 ? one : two).map(({ file }) => file);
        const envelope = await signManifest({ ...signed, ...change, version: i + 1, files }, [release]);
        return JSON.stringify({ ...envelope, ...(root === undefined ? {} : { root }) });
      });
      return Promise.all(texts);
    };
    const page = await openWorkerPage(join(import.meta.dirname, '../helpers/release-worker.ts'), served);
    const ask = async (site: string, verifier: ReleaseRun['verifier'], root: TrustRoot, texts: string[]) => {
      const question: ReleaseRun = { site, verifier, root, manifests: texts, files: Object.keys(served) };
      const times = await page.ask<ReleaseTimes>(question);
      if (times.complaints.length > 0) throw new Error(times.complaints[0]);
      return times;
    };
    try {
      const simple = await ask('simple', 'web', keySet([release]), await manifests({}));
      const rooted = await ask(
        'rooted',
        'web',
        keySet(holders, 2),
        await manifests({ rootVersion: 1 }, document),
      );
      const older = await ask('no-ed25519', 'no-ed25519', keySet([release]), await manifests({}));
      const portable = await ask('portable', 'portable', keySet([release]), await manifests({}));
      say(
        `${runs} swaps of ${one.reduce((sum, { bytes }) => sum + bytes.length, 0)} bytes in ${one.length} files each`,
      );
      say(
        'verify_swap_ms: from the manifest at hand to the committed transaction; verify_ms: to its first use',
      );
      return {
        verify_swap_ms: median(simple.swaps),
        verify_swap_p95_ms: quantile(simple.swaps, 0.95),
        verify_ms: median(simple.verifications),
        rooted_verify_swap_ms: median(rooted.swaps),
        no_ed25519_verify_swap_ms: median(older.swaps),
        // With everything to compile, and the tables of the base point to compute.
        no_ed25519_first_verify_swap_ms: quantile(older.swaps.slice(0, 1), 0),
        portable_verify_swap_ms: median(portable.swaps),
        portable_verify_ms: median(portable.verifications),
        restore_ms: simple.restore,
        runs,
      };
    } finally {
      await page.close();
    }
  },
};

/** Files of no content in common with any other's. */
function filesOf(): { file: ManifestFile; bytes: Uint8Array }[] {
  return Object.entries(SIZES).map(([role, size]) => {
    const bytes = randomBytes(size);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const group = role.startsWith('first') ? 'first' : 'idle';
    return { file: { path: role, role: role as FileRole, group, sha256, bytes: size }, bytes };
  });
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Number(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!.toFixed(2));
}

const median = (values: readonly number[]): number => quantile(values, 0.5);
