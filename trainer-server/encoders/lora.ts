/**
 * Low-rank adaptation: a matrix W stays as it is and learns W + scale * A B, where A is [in, rank] and B [rank, out], a
 * few per cent of the values (Hu et al. 2021, arXiv 2106.09685, section 4.1). Merged before export: it costs a device
 * nothing.
 */

import type { Random } from '../../shared/random.ts';
import type { Tensor } from '../../shared/tensors.ts';
import { add, matmul, mul, type Program, type Value } from '../graph/index.ts';

export interface LoraOptions {
  rank: number;
  /** The paper's alpha, over the rank: how much an adapter counts. */
  scale: number;
  /** Learning rate as a multiple of full training's: small matrices that start at nothing need more. */
  rate: number;
}

/** Rank 8 with alpha 16, as is customary. */
export const LORA: LoraOptions = { rank: 8, scale: 2, rate: 8 };

/** Projections of attention and of the feed-forward layers, and the last one. */
const ADAPTED = /\.(qkv|out|ff1|ff2)\.w$|\.project$/;
const [DOWN, UP] = ['.lora.a', '.lora.b'];

type Parameters = Record<string, Tensor<Float32Array>>;

/** The parameters with an adapter beside each adapted matrix, which changes nothing yet: B is zero. */
export function withAdapters(parameters: Parameters, { rank }: LoraOptions, random: Random): Parameters {
  const adapters = Object.entries(parameters).flatMap(([name, { shape }]) => {
    if (!ADAPTED.test(name)) return [];
    const [from, to] = shape as [number, number];
    const own = random.fork(name);
    const down = Float32Array.from({ length: from * rank }, () => own.normal() / Math.sqrt(from));
    return [
      [name + DOWN, { shape: [from, rank], data: down }] as const,
      [name + UP, { shape: [rank, to], data: new Float32Array(rank * to) }] as const,
    ];
  });
  return { ...parameters, ...Object.fromEntries(adapters) };
}

/** The same program training the adapters alone. Its parameters must have them: see withAdapters. */
export function adapting(program: Program, { scale }: LoraOptions): Program {
  const adapted = (p: Record<string, Value>): Record<string, Value> =>
    Object.fromEntries(
      Object.entries(p).map(([name, w]) => {
        const [a, b] = [p[name + DOWN], p[name + UP]];
        return [name, a === undefined || b === undefined ? w : add(w, mul(matmul(a, b), scale))];
      }),
    );
  return {
    ...program,
    frozen: Object.keys(program.parameters).filter((name) => !isAdapter(name)),
    loss: (g, p, x) => program.loss(g, adapted(p), x),
  };
}

/** Plain parameters in which the adapters have been worked into their matrices. */
export function merged(parameters: Parameters, { scale }: LoraOptions): Parameters {
  return Object.fromEntries(
    Object.entries(parameters)
      .filter(([name]) => !isAdapter(name))
      .map(([name, tensor]) => {
        const [a, b] = [parameters[name + DOWN], parameters[name + UP]];
        return [name, a === undefined || b === undefined ? tensor : plusProduct(tensor, a, b, scale)];
      }),
  );
}

/** Values of the adapters as a share of the values they adapt. */
export function trainedShare(parameters: Parameters): number {
  const sizes = Object.entries(parameters).map(([name, { data }]) => [isAdapter(name), data.length] as const);
  const total = (adapters: boolean): number =>
    sizes.reduce((sum, [is, size]) => sum + (is === adapters ? size : 0), 0);
  return total(true) / total(false);
}

const isAdapter = (name: string): boolean => name.endsWith(DOWN!) || name.endsWith(UP!);

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
