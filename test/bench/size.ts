/** What a shopper's browser fetches before the first neural decision, brotli at its highest quality. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { buildSdk } from '../../sdk/build.ts';
import { bundleFixture } from '../helpers/bundle-fixture.ts';
import type { Bench } from './bench.ts';

const DIST = join(import.meta.dirname, '../../dist/sdk');

const packed = (bytes: Uint8Array | string): number => brotliCompressSync(bytes).length;

export const bench: Bench = {
  summary: 'bytes before the first neural decision: loader, worker, and the first group of a release',
  async run({ say }) {
    await buildSdk();
    const file = (name: string): Promise<Buffer> => readFile(join(DIST, name));
    const [loader, worker, helper, crypto] = await Promise.all(
      ['promo-edge.js', 'promo-edge-worker.js', 'promo-edge-helper.js', 'promo-edge-crypto.js'].map(file),
    );
    const { signed, files } = await bundleFixture({ products: 2000 });
    say('A release of the real shapes with random weights, which compress no better than trained ones.');
    const parts: Record<string, number> = {
      loader: packed(loader!),
      worker: packed(worker!),
      manifest: packed(JSON.stringify(signed)),
    };
    for (const { path, group, sha256 } of signed.signed.files)
      if (group === 'first') parts[path] = packed(files.get(sha256)!);
    for (const [name, bytes] of Object.entries(parts)) say(`${name.padEnd(24)} ${bytes}`);
    const code = parts.loader! + parts.worker!;
    return {
      loader_br_bytes: parts.loader!,
      worker_br_bytes: parts.worker!,
      code_before_first_decision_br_bytes: code,
      all_before_first_decision_br_bytes: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0),
      // Everyone fetches it, two seconds after the first group.
      helper_br_bytes: packed(helper!),
      // Only browsers without Ed25519 in WebCrypto fetch it.
      portable_crypto_br_bytes: packed(crypto!),
    };
  },
};
