/** What the worker's file is made of, by the folders and files that its bytes come from. */

import { mkdtemp, rm } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { mappedWorker } from '../../sdk/build.ts';

/** The first that matches a source's path takes it. */
const PARTS: readonly (readonly [name: string, sources: RegExp])[] = [
  ['kernels and their tensors', /shared\/(kernels|models|tensors|quantize)|worker\/engines/],
  ['features', /shared\/features/],
  ['rules and masks', /shared\/promotion/],
  [
    'decision and its answer',
    /shared\/(decide|decision|choose|policy|random)|worker\/(answer|creative|decide)|model\.ts/,
  ],
  [
    'trust',
    /shared\/(trust|canonical|hex|canary|manifest|root)|worker\/(verifier|roots|manifest-text|made-up)/,
  ],
  [
    'events and history',
    /shared\/(event|money)|worker\/(event|history|arrivals|shown|dismissals|learned|tabs)/,
  ],
  ['store', /worker\/(store|indexed-db|memory-store|opening-store|settled)/],
  ['releases', /worker\/(release|download|prefetched)|at-most/],
  ['feedback, reports and claims', /worker\/(feedback|reporter|claim|post|record)/],
  ['what joins them', /^/],
];

/** Bytes, brotli, by which the file would be smaller without each part; what they have in common is in none. */
export async function workerParts(): Promise<Record<string, number>> {
  const out = await mkdtemp(join(tmpdir(), 'worker-parts-'));
  const { code, map } = await mappedWorker(out).finally(() => rm(out, { recursive: true }));
  const parts = partsOf(code, new SourceMap(map));
  const whole = brotliCompressSync(code).length;
  const without = (part: string): number =>
    brotliCompressSync([...code].filter((_, i) => parts[i] !== part).join('')).length;
  return Object.fromEntries(PARTS.map(([name]) => [name, whole - without(name)]));
}

/** The part of each character. */
function partsOf(code: string, sources: SourceMap): string[] {
  const parts: string[] = [];
  for (const [row, line] of code.split('\n').entries())
    for (let column = 0; column <= line.length; column++) {
      const entry = sources.findEntry(row, column);
      const source = 'originalSource' in entry ? entry.originalSource : '';
      parts.push(PARTS.find(([, sources]) => sources.test(source))![0]);
    }
  return parts;
}
