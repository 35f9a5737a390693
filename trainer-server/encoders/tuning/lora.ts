/**
 * Low-rank adaptation: a matrix W stays as it is and learns W + scale * A B, where A is [in, rank] and B [rank, out], a
 * few per cent of the values (Hu et al. 2021, arXiv 2106.09685, section 4.1).
 */

import type { Random } from '../../../shared/random.ts';
import type { Tensor } from '../../../shared/tensors.ts';
import { add, matmul, mul, type Value } from '../../graph/index.ts';
import { type FineTuning, type Parameters, randomMatrix, zeroMatrix } from './fine-tuning.ts';

export interface LoraOptions {
  rank: number;
  /** The paper's alpha, over the rank: how much an adapter counts. */
  scale: number;
  rate: number;
}

/** Rank 8 with alpha 16, as is customary. */
export const LORA: LoraOptions = { rank: 8, scale: 2, rate: 8 };

/** Projections of attention and of the feed-forward layers, and the last one. */
const ADAPTED = /\.(qkv|out|ff1|ff2)\.w$|\.project$/;
export const [DOWN, UP] = ['.lora.a', '.lora.b'] as const;

export function lora<Config>({ rank, scale, rate }: LoraOptions): FineTuning<Config> {
  const trains = (name: string): boolean => name.endsWith(DOWN) || name.endsWith(UP);
  return {
    rate,
    trains,
    extended: ({ config, parameters }, random) => ({
      config,
      parameters: { ...parameters, ...adapters(parameters, rank, random) },
    }),
    applied: (p) =>
      Object.fromEntries(
        Object.entries(p).map(([name, value]) => [name, name.endsWith(UP) ? mul(value, scale) : value]),
      ),
    merged: ({ config, parameters }) => {
      const plain = Object.entries(parameters).flatMap(([name, tensor]) => {
        const [a, b] = [parameters[name + DOWN], parameters[name + UP]];
        if (trains(name)) return [];
        return [
          [name, a === undefined || b === undefined ? tensor : plusProduct(tensor, a, b, scale)] as const,
        ];
      });
      return { config, parameters: Object.fromEntries(plain) };
    },
  };
}

/**
 * y = x W, and x A B with it where W is adapted. Worked out apart rather than as x (W + A B): the gradient of a W that stays
 * as it is costs as much as the product, and is never asked for.
 * @param name of W
 */
export function besideProduct(y: Value, x: Value, p: Record<string, Value>, name: string): Value {
  const [a, b] = [p[name + DOWN], p[name + UP]];
  return a === undefined || b === undefined ? y : add(y, matmul(matmul(x, a), b));
}

/** An adapter beside each adapted matrix, which changes nothing yet: B is zero. */
function adapters(parameters: Parameters, rank: number, random: Random): Parameters {
  const found = Object.entries(parameters).flatMap(([name, { shape }]) => {
    if (!ADAPTED.test(name)) return [];
    const [from, to] = shape as [number, number];
    return [
      [name + DOWN, randomMatrix(from, rank, random.fork(name))] as const,
      [name + UP, zeroMatrix(rank, to)] as const,
    ];
  });
  return Object.fromEntries(found);
}

function plusProduct(
  { shape, data }: Tensor<Float32Array>,
  a: Tensor<Float32Array>,
  b: Tensor<Float32Array>,
  scale: number,
): Tensor<Float32Array> {
  const [from, to] = shape as [number, number];
  const rank = a.shape[1]!;
  const out = data.slice();
  for (let i = 0; i < from; i++) {
    for (let r = 0; r < rank; r++) {
      const x = scale * a.data[i * rank + r]!;
      for (let j = 0; j < to; j++) out[i * to + j]! += x * b.data[r * to + j]!;
    }
  }
  return { shape, data: out };
}
