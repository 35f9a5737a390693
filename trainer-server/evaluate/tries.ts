/** Repeated tries on the same held-out decisions: each spends some of the error that the gate may make. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { hash32 } from '../../shared/random.ts';
import { read } from '../../shared/read.ts';

/** What a judged bundle remembers of its evidence, in a file that is never published. */
export const JUDGED_FILE = 'judged.json';

const judgedSchema = v.object({
  tries: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** The smallest hashes of the judged decisions' ids (Broder 1997): tells how much two evidences share. */
  sketch: v.array(v.number()),
});

export type Judged = v.InferOutput<typeof judgedSchema>;

const SKETCH_SIZE = 256;
/** Share of decisions in common (Jaccard) from which two evidences count as one. */
const SAME = 1 / 3;

/** One-sided probability with which a first candidate may ship though it is not better. */
export const FIRST_TRY = 0.025;

/**
 * The same for the k-th try on one evidence: 2.5 % for the first, and another 2.5 % for all others together, since
 * 1 + 1/4 + 1/9 + ... = pi^2 / 6. So one can try for ever and ships something harmful in at most 5 cases of 100.
 */
export function levelOfTry(k: number): number {
  return k <= 1 ? FIRST_TRY : (FIRST_TRY * 6) / (Math.PI * (k - 1)) ** 2;
}

export const writeJudged = (judged: Judged): string => JSON.stringify(judged);

/** What these bundles were judged on; folders that are no judged bundle are left out. */
export async function judgedBefore(bundles: readonly (string | undefined)[]): Promise<Judged[]> {
  const out: Judged[] = [];
  for (const dir of bundles) {
    if (dir === undefined) continue;
    const text = await readFile(join(dir, 'trainer', JUDGED_FILE), 'utf8').catch(() => undefined);
    if (text !== undefined) out.push(read(judgedSchema, JSON.parse(text)));
  }
  return out;
}

export function sketchOf(ids: Iterable<string>): number[] {
  const hashes = new Set<number>();
  for (const id of ids) hashes.add(hash32(id, 0x1b873593));
  return [...hashes].sort((a, b) => a - b).slice(0, SKETCH_SIZE);
}

/** Which try this is, given what was judged before. */
export function tryNumber(sketch: readonly number[], before: readonly Judged[]): number {
  return (
    1 + Math.max(0, ...before.map((judged) => (shared(sketch, judged.sketch) >= SAME ? judged.tries : 0)))
  );
}

/** Estimated Jaccard similarity: how many of the smallest hashes of both together are in each. */
function shared(left: readonly number[], right: readonly number[]): number {
  const both = [...new Set([...left, ...right])].sort((a, b) => a - b).slice(0, SKETCH_SIZE);
  if (both.length === 0) return 0;
  const [a, b] = [new Set(left), new Set(right)];
  return both.filter((hash) => a.has(hash) && b.has(hash)).length / both.length;
}
