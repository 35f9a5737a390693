import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dequantizeColumns, quantizeColumns } from '../../../shared/quantize.ts';
import { seeded } from '../../../shared/random.ts';
import type { Tensor } from '../../../shared/tensors.ts';
import { type RoundedLayer, roundColumns } from '../../../trainer-server/policy/round-columns.ts';

const column = (...values: number[]): Tensor<Float32Array> => ({
  shape: [values.length, 1],
  data: Float32Array.from(values),
});
const vector = (...values: number[]): Tensor<Float32Array> => ({
  shape: [values.length],
  data: Float32Array.from(values),
});
const rows = (...values: number[][]): Float32Array[] => values.map((row) => Float32Array.from(row));

/** Squared difference of what two layers make of inputs, summed. */
function squaredError(
  [weights, bias]: [Tensor<Float32Array>, Tensor<Float32Array>],
  rounded: RoundedLayer,
  inputs: Float32Array[],
): number {
  const [depth, width] = weights.shape as [number, number];
  const other = dequantizeColumns(rounded.weights).data;
  let sum = 0;
  for (const x of inputs) {
    for (let j = 0; j < width; j++) {
      let away = bias.data[j]! - rounded.bias.data[j]!;
      for (let i = 0; i < depth; i++) away += x[i]! * (weights.data[i * width + j]! - other[i * width + j]!);
      sum += away ** 2;
    }
  }
  return sum;
}

describe('rounding a layer for its inputs', () => {
  it('lets an input make up for the error of another that always has the same value', () => {
    // Scale 1. Alone, both .4 become 0 and their sum, .8, is lost; together one of them becomes 1.
    const inputs = rows([1, 1, 1], [1, -1, -1], [-1, 1, 1], [-1, -1, -1]);
    const { weights, bias } = roundColumns(column(127, 0.4, 0.4), vector(5), inputs);
    expect(weights.scale.data[0]).toBe(1);
    const [first, ...others] = weights.int8.data;
    expect(first).toBe(127);
    expect([...others].sort()).toEqual([0, 1]);
    expect(bias.data[0]).toBeCloseTo(5, 5);
  });

  it('leaves to the bias what an input of one value loses', () => {
    const inputs = rows([1, 1], [-1, 1], [1, 1], [-1, 1]);
    const { weights, bias } = roundColumns(column(127, 0.4), vector(5), inputs);
    expect([...weights.int8.data]).toEqual([127, 0]);
    expect(bias.data[0]).toBeCloseTo(5.4, 5);
  });

  it('rounds each weight alone where inputs have nothing to do with one another, or there are none', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: 8, maxLength: 8 }),
        (data) => {
          const weights = { shape: [4, 2], data: Float32Array.from(data) };
          const signs = rows([1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]);
          const inputs = [...signs, ...signs.map((row) => row.map((x) => -x))];
          for (const given of [inputs, []]) {
            const rounded = roundColumns(weights, vector(1, 2), given);
            expect(rounded.weights).toEqual(quantizeColumns(weights));
            expect([...rounded.bias.data]).toEqual([1, 2]);
          }
        },
      ),
    );
  });

  it('loses a fraction of what rounding alone loses where inputs go together, on inputs it did not see too', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = seeded(seed);
      // 24 inputs that come of 6 causes, as features and hidden units do, a little blurred.
      const mix = Float32Array.from({ length: 24 * 6 }, () => random.normal());
      const draw = () => {
        const causes = Float32Array.from({ length: 6 }, () => random.normal());
        return Float32Array.from({ length: 24 }, (_, i) =>
          causes.reduce((sum, cause, k) => sum + cause * mix[i * 6 + k]!, 0.1 * random.normal()),
        );
      };
      const weights = { shape: [24, 8], data: Float32Array.from({ length: 24 * 8 }, () => random.normal()) };
      const layer = [weights, { shape: [8], data: new Float32Array(8) }] as [
        Tensor<Float32Array>,
        Tensor<Float32Array>,
      ];
      const seen = Array.from({ length: 400 }, draw);
      const unseen = Array.from({ length: 400 }, draw);
      const alone = { weights: quantizeColumns(weights), bias: layer[1] };
      const ours = roundColumns(...layer, seen);
      for (const inputs of [seen, unseen])
        expect(squaredError(layer, ours, inputs)).toBeLessThan(0.5 * squaredError(layer, alone, inputs));
    }
  });
});
