/** What a shopper's browser fetches before the first neural decision, brotli at its highest quality. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { buildSdk } from '../../sdk/build.ts';
import { bundleFixture } from '../helpers/bundle-fixture.ts';
import type { Bench } from './bench.ts';
import { workerParts } from './worker-parts.ts';

const DIST = join(import.meta.dirname, '../../dist/sdk');

/** Files that no first decision waits for, and who fetches them. */
const LATER = [
  ['promo-edge-helper.js', 'everyone, two seconds after the first group'],
  ['promo-edge-crypto.js', 'browsers without Ed25519 in WebCrypto'],
  ['promo-edge-panel.js', 'pages with a button for the panel'],
  ['promo-edge-listen.js', 'pages that name a consent tool or a further source'],
  ['inspect.js', 'who runs the shop, when they open it'],
] as const;

const packed = (bytes: Uint8Array | string): number => brotliCompressSync(bytes).length;

export const bench: Bench = {
  summary: 'bytes before the first neural decision: loader, worker, and the first group of a release',
  async run({ say }) {
    await buildSdk();
    const file = (name: string): Promise<Buffer> => readFile(join(DIST, name));
    const [loader, worker, ...later] = await Promise.all(
      ['promo-edge.js', 'promo-edge-worker.js', ...LATER.map(([name]) => name)].map(file),
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
    say('The worker would be smaller without these parts by:');
    for (const [name, bytes] of Object.entries(await workerParts())) say(`  ${name.padEnd(30)} ${bytes}`);
    const sizes = later.map(packed);
    say('Later, or never:');
    LATER.forEach(([name, who], i) => {
      say(`${name.padEnd(24)} ${String(sizes[i]).padEnd(8)} ${who}`);
    });
    const code = parts.loader! + parts.worker!;
    return {
      loader_br_bytes: parts.loader!,
      worker_br_bytes: parts.worker!,
      code_before_first_decision_br_bytes: code,
      all_before_first_decision_br_bytes: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0),
      helper_br_bytes: sizes[0]!,
      portable_crypto_br_bytes: sizes[1]!,
      panel_br_bytes: sizes[2]!,
      listen_br_bytes: sizes[3]!,
      inspect_br_bytes: sizes[4]!,
    };
  },
};
