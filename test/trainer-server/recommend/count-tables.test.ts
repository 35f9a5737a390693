import { describe, expect, it } from 'vitest';
import { addNeighbours } from '../../../shared/recommend/relation.ts';
import { COUNTING_OPTIONS } from '../../../trainer-server/recommend/co-occurrence.ts';
import type { CountMemory } from '../../../trainer-server/recommend/count-memory.ts';
import { countTables } from '../../../trainer-server/recommend/count-tables.ts';
import type { Trail } from '../../../trainer-server/recommend/trails.ts';

const walk = (visitor: string, ...rows: number[]): Trail => ({
  visitor,
  rows: Int32Array.from(rows),
  times: new Float64Array(rows.length).fill(1_700_000_000_000),
  sessions: new Int32Array(rows.length),
});

/** What follows product 0, by row. */
function afterFirst(trails: readonly Trail[], earlier: CountMemory, steadfast: boolean): Float32Array {
  const { next } = countTables(trails, 4, { ...COUNTING_OPTIONS, steadfast }, undefined, earlier);
  const scores = new Float32Array(4);
  addNeighbours(scores, next, 0, 1);
  return scores;
}

describe('counts that go on from an earlier release', () => {
  const { memory } = countTables([walk('old', 0, 1)], 4, COUNTING_OPTIONS);
  const log = [walk('a', 0, 2), walk('b', 0, 2)];

  it('are outweighed by a longer new log', () => {
    const scores = afterFirst(log, memory, false);
    expect(scores[2]! / scores[1]!).toBeCloseTo(2, 1);
  });

  it('stay as they were where they are told to, and the new log tells of products that they did not know', () => {
    const scores = afterFirst(log, memory, true);
    expect(scores[1]!).toBeCloseTo(0.5, 2);
    expect(scores[2]).toBe(0);
    const steadfast = { ...COUNTING_OPTIONS, steadfast: true };
    const { next } = countTables([walk('c', 3, 2)], 4, steadfast, undefined, memory);
    const unknown = new Float32Array(4);
    addNeighbours(unknown, next, 3, 1);
    expect(unknown[2]!).toBeCloseTo(0.5, 2);
  });
});

describe('counts of a large catalogue', () => {
  // Product 0 is followed by each of forty others, the later ones oftener.
  const log = Array.from({ length: 40 }, (_, i) =>
    Array.from({ length: i + 1 }, () => walk('v', 0, i + 1)),
  ).flat();
  const neighbours = (rows: number): number => {
    const { next } = countTables(log, rows, COUNTING_OPTIONS);
    return next.index.slice(0, next.width).filter((row) => row >= 0).length;
  };

  it('keep the strongest neighbours that a device has room for, and leave out what adds least', () => {
    expect([4000, 8000, 14_000, 14_001, 20_000].map(neighbours)).toEqual([40, 40, 22, 12, 12]);
    const { next, together } = countTables(log, 20_000, COUNTING_OPTIONS);
    expect([...next.index.slice(0, 12)]).toEqual(Array.from({ length: 12 }, (_, i) => 40 - i));
    expect(together).toBeUndefined();
  });

  it('are wider again where no device gets them', () => {
    expect(neighbours(20_001)).toBe(16);
    expect(countTables(log, 20_001, COUNTING_OPTIONS).together).toBeDefined();
  });
});
