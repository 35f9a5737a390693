import { describe, expect, it } from 'vitest';
import { dropout, mean, mul, type Program, startTraining } from '../../../../trainer-server/graph/index.ts';

const ROWS = 256;
const COLUMNS = 128;
const RATE = 0.3;

/** Dropout of ones: what comes out is the mask itself. */
const masks: Program = {
  parameters: { one: { shape: [1], data: Float32Array.of(1) } },
  inputs: { x: { dtype: 'f32', shape: [ROWS, COLUMNS] } },
  loss: (_, p, x) => ({
    loss: mean(mul(x.x!, p.one!)),
    outputs: { first: dropout(x.x!, RATE), second: dropout(x.x!, RATE) },
  }),
};
const ones = { x: new Float32Array(ROWS * COLUMNS).fill(1) };

describe('dropout', () => {
  it('drops the asked share, of every row and column, independently of site, step and neighbours', async () => {
    const training = await startTraining(masks, { threads: 1 });
    const { outputs } = await training.step(ones, 0);
    const next = await training.step(ones, 0);
    await training.close();
    const kept = (mask: Float32Array): number[] => Array.from(mask, (value) => (value === 0 ? 0 : 1));
    const mask = kept(outputs.first!);
    const expectShare = (values: number[], share: number, slack = 4.5): void => {
      const average = values.reduce((a, b) => a + b, 0) / values.length;
      const error = Math.sqrt((share * (1 - share)) / values.length);
      expect(Math.abs(average - share)).toBeLessThan(slack * error);
    };
    expect(new Set(outputs.first)).toEqual(new Set([0, Math.fround(1 / (1 - RATE))]));
    expectShare(mask, 1 - RATE);
    for (let row = 0; row < ROWS; row++)
      expectShare(mask.slice(row * COLUMNS, (row + 1) * COLUMNS), 1 - RATE, 5);
    for (let column = 0; column < COLUMNS; column++)
      expectShare(
        mask.filter((_, i) => i % COLUMNS === column),
        1 - RATE,
        5,
      );
    const both = (other: number[]): number[] => mask.map((value, i) => value * other[i]!);
    const shifted = (by: number): number[] => mask.map((_, i) => mask[(i + by) % mask.length]!);
    for (const other of [
      kept(outputs.second!),
      kept(next.outputs.first!),
      shifted(1),
      shifted(COLUMNS),
      shifted(COLUMNS + 1),
    ]) {
      expectShare(both(other), (1 - RATE) ** 2);
    }
  });

  it('draws the same masks for the same seed and step, others for another seed', async () => {
    const run = async (program: Program): Promise<Float32Array> => {
      const training = await startTraining(program, { threads: 1 });
      const { outputs } = await training.step(ones, 0);
      await training.close();
      return outputs.first!;
    };
    const mask = await run(masks);
    expect(await run(masks)).toEqual(mask);
    expect(await run({ ...masks, dropoutSeed: 'other' })).not.toEqual(mask);
  });
});
