/** Transformer layers and initial parameters, shared by the text and the session encoder. */

import type { Random } from '../../shared/random.ts';
import type { Tensor } from '../../shared/tensors.ts';
import {
  add,
  dropout,
  gelu,
  layerNorm,
  linear,
  matmul,
  type Operand,
  reshape,
  softmax,
  split,
  transpose,
  type Value,
} from '../graph/index.ts';
import { besideProduct } from './tuning/lora.ts';

export interface LayerOptions {
  heads: number;
  /** Added to the attention scores; broadcasts to [batch, heads, time, time]. */
  mask: Operand;
  /** Share of values dropped after attention and after the feed-forward layer. */
  dropout: number;
}

/**
 * One pre-norm layer over x [batch, time, width]: x += out(attention(ln1 x)); x += ff2(gelu(ff1(ln2 x))).
 * Source: Xiong et al. 2020, arXiv 2002.04745, figure 1b.
 */
export function transformerLayer(
  x: Value,
  p: Record<string, Value>,
  prefix: string,
  options: LayerOptions,
): Value {
  const norm = (h: Value, name: string): Value =>
    layerNorm(h, p[`${prefix}.${name}.g`]!, p[`${prefix}.${name}.b`]!);
  const of = (h: Value, name: string): Value => projected(h, p, `${prefix}.${name}`);
  const attended = attention(of(norm(x, 'ln1'), 'qkv'), options);
  const between = add(x, dropout(of(attended, 'out'), options.dropout));
  const inner = gelu(of(norm(between, 'ln2'), 'ff1'));
  return add(between, dropout(of(inner, 'ff2'), options.dropout));
}

/** x by the matrix `NAME.w`, as it was fine-tuned, plus `NAME.b`. */
export const projected = (x: Value, p: Record<string, Value>, name: string): Value =>
  besideProduct(linear(x, p[`${name}.w`]!, p[`${name}.b`]!), x, p, `${name}.w`);

/** Heads mixed, [batch, time, width], of queries, keys and values side by side [batch, time, 3 * width]. */
export function attention(qkv: Value, { heads, mask }: Pick<LayerOptions, 'heads' | 'mask'>): Value {
  const [batch, time, all] = qkv.shape as [number, number, number];
  const width = all / 3;
  const size = width / heads;
  const [q, k, v] = split(qkv, 3).map((part) =>
    transpose(reshape(part, [batch, time, heads, size]), [0, 2, 1, 3]),
  );
  const scores = matmul(q!, k!, { transposeB: true, scale: 1 / Math.sqrt(size) });
  const mixed = matmul(softmax(add(scores, mask)), v!);
  return reshape(transpose(mixed, [0, 2, 1, 3]), [batch, time, width]);
}

/**
 * Initial values: matrices and tables normal with deviation 0.02 (Radford et al. 2018, GPT), the projections back into
 * the residual stream smaller by 1/sqrt(2 layers) (GPT-2), gains 1, biases 0.
 */
export function initialParameters(
  shapes: Record<string, readonly number[]>,
  layers: number,
  random: Random,
): Record<string, Tensor<Float32Array>> {
  const out: Record<string, Tensor<Float32Array>> = {};
  for (const [name, shape] of Object.entries(shapes)) {
    const data = new Float32Array(shape.reduce((n, dim) => n * dim, 1));
    if (shape.length === 1) data.fill(name.endsWith('.g') ? 1 : 0);
    else {
      const residual = name.endsWith('.out.w') || name.endsWith('.ff2.w');
      const deviation = residual ? 0.02 / Math.sqrt(2 * layers) : 0.02;
      const own = random.fork(name);
      for (let i = 0; i < data.length; i++) data[i] = own.normal() * deviation;
    }
    out[name] = { shape, data };
  }
  return out;
}
