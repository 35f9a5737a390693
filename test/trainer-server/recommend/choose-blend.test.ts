import { describe, expect, it } from 'vitest';
import { PARTS, type Part } from '../../../shared/recommend/parts.ts';
import { CONTEXTS } from '../../../shared/recommend/recommend.ts';
import type { ScoredCase } from '../../../trainer-server/recommend/blend-case.ts';
import { type Before, chooseBlend } from '../../../trainer-server/recommend/choose-blend.ts';
import { blendQuality } from '../../../trainer-server/recommend/fit-blend.ts';

const OTHERS = 30;

/** A case whose target only `right` ranks first; the other of the two parts ranks it last. */
const case_ = (right: Part): ScoredCase => ({
  context: 2,
  parts: PARTS.map((part) => {
    const says = part === 'next' || part === 'together';
    return Float32Array.from({ length: OTHERS }, (_, i) => (says && (i === 0) === (part === right) ? 1 : 0));
  }),
});
const cases = (right: Part, count: number): ScoredCase[] => Array.from({ length: count }, () => case_(right));
/** Sixty older questions, all answered alike. */
const released = (worth: number, mayForget?: number): Before => ({
  blend: Array.from({ length: CONTEXTS }, () => PARTS.map((part) => Number(part === 'together'))),
  worths: new Array<number>(60).fill(worth),
  mayForget,
});
const available = new Set<Part>(['next', 'together', 'popularity']);

describe('a mixture that two periods are asked of', () => {
  it('fits the new period where nothing is gone on from', () => {
    const { blend } = chooseBlend([{ fresh: cases('next', 100), older: [] }], available);
    expect(blendQuality(cases('next', 1), blend)).toBe(2);
  });

  it('keeps the earlier period, whatever the new one would gain without it', () => {
    const older = cases('together', 60);
    const { blend } = chooseBlend([{ fresh: cases('next', 100), older }], available, released(2));
    expect(blendQuality(older, blend)).toBe(2);
  });

  it('follows the new period where the earlier release was no good', () => {
    const older = cases('together', 60);
    const { blend } = chooseBlend([{ fresh: cases('next', 100), older }], available, released(0));
    expect(blendQuality(cases('next', 1), blend)).toBe(2);
  });

  it('gives up of the earlier period what it is told that it may', () => {
    const older = cases('together', 60);
    const { blend } = chooseBlend([{ fresh: cases('next', 100), older }], available, released(2, 1));
    expect(blendQuality(cases('next', 1), blend)).toBe(2);
  });

  it('prefers the way of counting that keeps both', () => {
    const fresh = cases('next', 100);
    const ways = [
      { fresh, older: cases('together', 60) },
      { fresh, older: cases('next', 60) },
    ];
    expect(chooseBlend(ways, available, released(2)).way).toBe(1);
  });
});
