import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  FIRST_TRY,
  JUDGED_FILE,
  judgedBefore,
  levelOfTry,
  sketchOf,
  tryNumber,
  writeJudged,
} from '../../../trainer-server/evaluate/tries.ts';

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `d${from + i}`);

describe('repeated tries on the same evidence', () => {
  it('spend 2.5 % on the first, and never more than 5 % on all together', () => {
    expect(levelOfTry(1)).toBe(FIRST_TRY);
    let spent = 0;
    for (let k = 1; k <= 100_000; k++) spent += levelOfTry(k);
    expect(spent).toBeLessThan(0.05);
    expect(spent).toBeGreaterThan(0.0499);
  });

  it('count where most of the decisions are the same, and start anew with new ones', () => {
    const before = { tries: 3, sketch: sketchOf(ids(0, 4000)) };
    expect(tryNumber(sketchOf(ids(0, 4000)), [before])).toBe(4);
    // A log that grew by a fifth is mostly the same log; one that doubled twice is not.
    expect(tryNumber(sketchOf(ids(0, 5000)), [before])).toBe(4);
    expect(tryNumber(sketchOf(ids(0, 16_000)), [before])).toBe(1);
    expect(tryNumber(sketchOf(ids(4000, 8000)), [before])).toBe(1);
    expect(tryNumber(sketchOf(ids(0, 4000)), [])).toBe(1);
  });

  it('are remembered beside the bundle, in no file that is published', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'judged-'));
    await mkdir(join(dir, 'trainer'));
    const judged = { tries: 2, sketch: sketchOf(ids(0, 10)) };
    await writeFile(join(dir, 'trainer', JUDGED_FILE), writeJudged(judged));
    expect(await judgedBefore([undefined, dir, join(dir, 'nowhere')])).toEqual([judged]);
    await rm(dir, { recursive: true });
  });
});
