import { describe, expect, it } from 'vitest';
import { HeldOutJudge } from '../../../../trainer-server/encoders/teacher/held-out-judge.ts';

const PAIRS = 4;

/** Vectors of four pairs by which the partner of the i-th stands at the i-th place: `places[i] - 1` others are nearer. */
function vectorsOf(places: readonly number[]): Float32Array {
  const out = new Float32Array(2 * PAIRS * PAIRS);
  places.forEach((place, i) => {
    out[i * PAIRS + i] = 1;
    const others = [0, 1, 2, 3].filter((j) => j !== i);
    out[(PAIRS + i) * PAIRS + i] = 0.5;
    for (const j of others.slice(0, place - 1)) out[(PAIRS + j) * PAIRS + i] = 0.9;
  });
  return out;
}

/** A judge of a network that puts partners at other places at every look; its values then are the number of the look. */
function judgeOf(looks: readonly (readonly number[])[]): Promise<HeldOutJudge> {
  let look = -1;
  const pairs = ['a', 'b', 'c', 'd'].map((key) => ({ a: key, b: key, key, about: key }));
  return HeldOutJudge.open(
    { pairs, others: [] },
    {
      encode: async () => vectorsOf(looks[++look]!),
      parameters: async () => ({ look: { shape: [1], data: Float32Array.of(look) } }),
    },
  );
}

describe('what held-out pairs say of a training', () => {
  it('is the best look, where the gain is more than its standard error', async () => {
    const judge = await judgeOf([
      [2, 2, 2, 2],
      [1, 2, 2, 2],
      [1, 1, 1, 2],
      [1, 1, 2, 2],
      [2, 2, 2, 3],
    ]);
    const looks = [await judge.look(), await judge.look(), await judge.look(), await judge.look()];
    expect(looks).toEqual([0, 0, 1, 2]);
    const { published, best, error, parameters } = judge.verdict();
    expect([published, best]).toEqual([1 / 2, 7 / 8]);
    // Gains of 1/2, 1/2, 1/2 and 0: variance 3/64, over four pairs.
    expect(error).toBeCloseTo(Math.sqrt(3 / 64 / 4), 12);
    expect(parameters!.look!.data[0]).toBe(2);
  });

  it('is nothing where some pairs gain what others lose, or all lose', async () => {
    const mixed = await judgeOf([
      [3, 1, 2, 2],
      [1, 2, 2, 2],
    ]);
    expect(await mixed.look()).toBe(0);
    const verdict = mixed.verdict();
    // Gains of 2/3 and -1/2: in the mean 1/24, far within the error.
    expect(verdict.best - verdict.published).toBeCloseTo(1 / 24, 12);
    expect(verdict.parameters).toBeUndefined();

    const worse = await judgeOf([
      [1, 1, 1, 2],
      [1, 1, 2, 2],
    ]);
    expect(await worse.look()).toBe(1);
    expect(worse.verdict()).toMatchObject({ published: 7 / 8, best: 7 / 8, error: 0 });
    expect(worse.verdict().parameters).toBeUndefined();
  });
});
