import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapley } from '../../../shared/explain/shapley.ts';

describe('Shapley values', () => {
  it('are those of the glove game: 2/3 for the only left glove, 1/6 for each right one', async () => {
    // Player 0 has a left glove, 1 and 2 a right one each; a pair is worth 1 (Shapley 1953; every textbook).
    const { values } = await shapley(3, (set) => (set & 1 && set & 6 ? 1 : 0));
    expect(values[0]).toBeCloseTo(2 / 3, 12);
    expect(values[1]).toBeCloseTo(1 / 6, 12);
    expect(values[2]).toBeCloseTo(1 / 6, 12);
  });

  it('give each of n that add up just what it adds, and a bystander nothing', async () => {
    const own = [3, -1, 0, 7];
    const { values, empty, whole } = await shapley(4, (set) =>
      own.reduce((sum, x, i) => sum + (set & (1 << i) ? x : 0), 10),
    );
    for (const [i, x] of own.entries()) expect(values[i]).toBeCloseTo(x, 12);
    expect([empty, whole]).toEqual([10, 19]);
  });

  it('sum to the worth of all less that of nobody, whatever the game', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }).chain((n) =>
          fc.array(fc.double({ min: -100, max: 100, noNaN: true }), {
            minLength: 2 ** n,
            maxLength: 2 ** n,
          }),
        ),
        async (worths) => {
          const { values, empty, whole } = await shapley(Math.log2(worths.length), (set) => worths[set]!);
          expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(whole - empty, 8);
        },
      ),
    );
  });

  it('refuse more players than sets can be counted for', async () => {
    await expect(shapley(13, () => 0)).rejects.toThrow(/at most 12 players, got 13/);
  });
});
