/** The pre-norm transformer layers of both encoders (models/session-encoder.ts), on the kernels. */

import type { Tensors } from '../tensors.ts';
import type { Kernels } from './kernels.ts';
import { type Linear, loadVector, padded } from './weights.ts';

export interface TransformerSize {
  layers: number;
  width: number;
  heads: number;
  inner: number;
  length: number;
}

export interface TransformerOptions {
  /** The tensors' common prefix: `session`, `text`. */
  prefix: string;
  /** Causal layers keep their keys and values, so that later tokens can be added. */
  causal: boolean;
  linear(prefix: string): Linear;
}

export interface Transformer {
  /** Address of the residual stream [length, width]: embeddings go in, hidden states come out. */
  x: number;
  /**
   * Runs tokens `first` to `first + rows`, the keys and values of those before being there already (causal alone).
   * With `lastOnly` the other rows of x are left unfinished, since only keys and values are needed of them.
   */
  run(first: number, rows: number, lastOnly: boolean): void;
  /** Final layer norm of row `row` of x into `to`. */
  finish(row: number, rows: number, to: number): void;
}

interface Layer {
  ln1: Norm;
  qkv: Linear;
  out: Linear;
  ln2: Norm;
  ff1: Linear;
  ff2: Linear;
  /** Queries, keys and values of all tokens, [length, 3 * width]. */
  projected: number;
}

interface Norm {
  gain: number;
  bias: number;
}

export function loadTransformer(
  kernels: Kernels,
  size: TransformerSize,
  tensors: Tensors,
  { prefix, causal, linear }: TransformerOptions,
): Transformer {
  const { memory } = kernels;
  const { width, heads, inner } = size;
  const length = (size.length + 3) & ~3;
  const row = width * 4;
  const x = memory.floats(length * width);
  const normed = memory.floats(length * width);
  const mixed = memory.floats(length * width);
  const hidden = memory.floats(length * inner);
  const scores = memory.floats(padded(size.length));
  const shared = causal ? 0 : memory.floats(length * 3 * width);
  const norm = (name: string): Norm => ({
    gain: loadVector(kernels, tensors, `${name}.g`),
    bias: loadVector(kernels, tensors, `${name}.b`),
  });
  const layers = Array.from({ length: size.layers }, (_, index): Layer => {
    const name = `${prefix}.l${index}`;
    return {
      ln1: norm(`${name}.ln1`),
      qkv: linear(`${name}.qkv`),
      out: linear(`${name}.out`),
      ln2: norm(`${name}.ln2`),
      ff1: linear(`${name}.ff1`),
      ff2: linear(`${name}.ff2`),
      projected: causal ? memory.floats(length * 3 * width) : shared,
    };
  });
  const last = norm(`${prefix}.lnf`);

  const attend = ({ projected }: Layer, first: number, rows: number, keys: number): void => {
    const each = width / heads;
    for (let head = 0; head < heads; head++) {
      const offset = head * each * 4;
      const k = projected + row + offset;
      const q = projected + first * 3 * row + offset;
      kernels.attend(
        ...([q, k, k + row, 3 * row, mixed + offset, row, rows, keys, causal ? 1 : 0, each] as const),
        ...([1 / Math.sqrt(each), scores] as const),
      );
    }
  };

  return {
    x,
    run(first, rows, lastOnly) {
      for (const layer of layers) {
        const { ln1, ln2 } = layer;
        kernels.layerNorm(x + first * row, ln1.gain, ln1.bias, normed, rows, width);
        layer.qkv(normed, row, layer.projected + first * 3 * row, 3 * row, rows, false);
        const from = lastOnly && layer === layers.at(-1) ? first + rows - 1 : first;
        const count = first + rows - from;
        attend(layer, from, count, causal ? from + 1 : rows);
        const at = x + from * row;
        layer.out(mixed, row, at, row, count, true);
        kernels.layerNorm(at, ln2.gain, ln2.bias, normed, count, width);
        layer.ff1(normed, row, hidden, inner * 4, count, false);
        kernels.gelu(hidden, count * inner);
        layer.ff2(hidden, inner * 4, at, row, count, true);
      }
    },
    finish(from, rows, to) {
      kernels.layerNorm(x + from * row, last.gain, last.bias, to, rows, width);
    },
  };
}
