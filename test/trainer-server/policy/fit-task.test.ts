import { describe, expect, it } from 'vitest';
import { thinned } from '../../../trainer-server/policy/fit-task.ts';

describe('a log too large to be learned from whole', () => {
  it('is thinned evenly, and left alone where it fits', () => {
    const rows = Int32Array.of(3, 5, 8, 13, 21, 34, 55);
    expect(thinned(rows, 7)).toBe(rows);
    expect([...thinned(rows, 3)]).toEqual([3, 8, 21]);
  });
});
