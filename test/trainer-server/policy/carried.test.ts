import { describe, expect, it } from 'vitest';
import {
  carriedOf,
  elsewhereLog,
  slopesOfBest,
  slopesOfMean,
} from '../../../trainer-server/policy/carried.ts';
import { designOf } from '../../../trainer-server/policy/designs.ts';
import { fitSpec } from '../../../trainer-server/policy/fit-spec.ts';
import type { PolicyData } from '../../../trainer-server/policy/policy-data.ts';
import { preparePolicyData } from '../../../trainer-server/policy/prepare.ts';
import { trial } from '../../helpers/trials.ts';

function logOf(count: number): PolicyData {
  const dataset = trial({ count, seed: 8 });
  return preparePolicyData(dataset, fitSpec(dataset)).data;
}

/** One decision between nothing and a tenth off: whoever has seen a fifth off buys less without one, as much with one. */
const ONE = {
  count: 1,
  offsets: Int32Array.of(0, 2),
  lasting: { column: 0, adds: Float32Array.of(0, 0.2) },
} as PolicyData;
const ANSWERS = { reward: Float64Array.of(1, 1.1), taught: Float64Array.of(0.6, 1.1) };

describe('what a shown discount changes for good', () => {
  it('is worth what it takes off each decision that follows', () => {
    // (0.85 - 1.05) over the 0.4 that a fifth off adds.
    expect(slopesOfMean(ONE, ANSWERS)[0]).toBeCloseTo(-0.5, 6);
    const [none, ten] = carriedOf(ONE, Float64Array.of(3 * -0.5));
    expect(none! - ten!).toBeCloseTo(3 * 0.5 * 0.2, 6);
    expect(none! + ten!).toBeCloseTo(0, 6);
  });

  it('costs what the promotion loses that will be shown, its own later cost counted', () => {
    // Nothing is shown where the discount costs 0.3 later, and loses 0.4 for 0.4 seen.
    expect(slopesOfBest(ONE, ANSWERS, Float64Array.of(0.15, -0.15))[0]).toBeCloseTo(-1, 6);
    // Where it costs nothing it is shown again, and loses nothing.
    expect(slopesOfBest(ONE, ANSWERS, Float64Array.of(0, 0))[0]).toBeCloseTo(0, 6);
  });

  it('imagines every visitor with the discounts of another, and all else as it was', () => {
    const data = logOf(300);
    const width = data.sessionWidth + data.contextWidth;
    const { column } = data.lasting;
    for (let i = 0; i < data.count; i++) data.states[i * width + column] = i;
    const { states } = elsewhereLog(data);
    const seen = Array.from({ length: data.count }, (_, i) => states[i * width + column]!);
    expect(seen.filter((from, i) => from === i).length).toBeLessThan(3);
    expect([...seen].sort((a, b) => a - b)).toEqual([...data.states.keys()].slice(0, data.count));
    for (let i = 0; i < data.count; i++) states[i * width + column] = i;
    expect(states.every((x, k) => x === data.states[k])).toBe(true);
  });

  it('meets the discount that is offered now, as far as that covers what is wanted', () => {
    const data = logOf(300);
    const width = data.sessionWidth + data.contextWidth;
    data.states[4 * width + data.lasting.column] = 3;
    data.lasting.adds[data.offsets[4]!] = 0.1;
    data.lasting.adds[data.offsets[4]! + 1] = 0;
    const { meaning } = designOf(
      data,
      { engine: undefined as never, late: () => false, say: () => undefined },
      3,
    );
    const last = (row: number): number => meaning.values[(row + 1) * meaning.width - 1]!;
    expect(last(data.offsets[4]!)).toBeCloseTo(0.6, 6);
    expect(last(data.offsets[4]! + 1)).toBe(0);
  });
});
