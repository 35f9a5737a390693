/** A small classifying transformer (post-norm, mean pooled) and an MLP, for benchmarks and comparisons with the oracle. */

import type { Random } from '../../shared/random.ts';
import type { Tensor } from '../../shared/tensors.ts';
import type { AdamW, Program } from '../../trainer-server/graph/index.ts';
import {
  add,
  crossEntropy,
  gather,
  gelu,
  layerNorm,
  linear,
  matmul,
  mean,
  relu,
  reshape,
  softmax,
  split,
  transpose,
  type Value,
} from '../../trainer-server/graph/index.ts';

export interface TransformerSize {
  layers: number;
  width: number;
  heads: number;
  time: number;
  batch: number;
  vocabulary: number;
  classes: number;
}

/** The size of the `train` bench. */
export const BENCH_SIZE: TransformerSize = {
  layers: 4,
  width: 128,
  heads: 4,
  time: 64,
  batch: 32,
  vocabulary: 4096,
  classes: 64,
};

/** Multiply-adds of the layers' matrices and attention, forward and twice that backward; embeddings and Adam not counted. */
export function transformerFlops({ layers, width, time, batch }: TransformerSize): number {
  return 3 * layers * batch * time * (24 * width * width + 4 * time * width);
}

export function transformerParameters(
  size: TransformerSize,
  random: Random,
): Record<string, Tensor<Float32Array>> {
  const { layers, width: d, time, vocabulary, classes } = size;
  const drawn = (shape: number[], scale: number): Tensor<Float32Array> =>
    filled(shape, () => scale * (2 * random.next() - 1));
  const out: Record<string, Tensor<Float32Array>> = {
    token: drawn([vocabulary, d], 0.05),
    position: drawn([time, d], 0.05),
    head: drawn([d, classes], d ** -0.5),
    headBias: filled([classes], () => 0),
  };
  for (let layer = 0; layer < layers; layer++) {
    const put = (name: string, tensor: Tensor<Float32Array>): void => {
      out[`${name}${layer}`] = tensor;
    };
    put('qkv', drawn([d, 3 * d], d ** -0.5));
    put(
      'qkvBias',
      filled([3 * d], () => 0),
    );
    put('out', drawn([d, d], d ** -0.5));
    put(
      'outBias',
      filled([d], () => 0),
    );
    put('up', drawn([d, 4 * d], d ** -0.5));
    put(
      'upBias',
      filled([4 * d], () => 0),
    );
    put('down', drawn([4 * d, d], 0.5 * d ** -0.5));
    put(
      'downBias',
      filled([d], () => 0),
    );
    for (const norm of ['one', 'two']) {
      put(
        `${norm}Gain`,
        filled([d], () => 1),
      );
      put(
        `${norm}Bias`,
        filled([d], () => 0),
      );
    }
  }
  return out;
}

export function transformerLogits(p: Record<string, Value>, tokens: Value, size: TransformerSize): Value {
  const { layers, width, heads, time, batch } = size;
  const headWidth = width / heads;
  let x = add(gather(p.token!, tokens), p.position!);
  for (let layer = 0; layer < layers; layer++) {
    const w = (name: string): Value => p[`${name}${layer}`]!;
    const qkv = reshape(linear(x, w('qkv'), w('qkvBias')), [batch, time, 3, heads, headWidth]);
    const [q, k, v] = split(transpose(qkv, [2, 0, 3, 1, 4]), 3, 0).map((part) =>
      reshape(part, [batch, heads, time, headWidth]),
    );
    const attention = softmax(matmul(q!, k!, { transposeB: true, scale: headWidth ** -0.5 }));
    const mixed = reshape(transpose(matmul(attention, v!), [0, 2, 1, 3]), [batch, time, width]);
    x = layerNorm(add(x, linear(mixed, w('out'), w('outBias'))), w('oneGain'), w('oneBias'));
    const inner = linear(gelu(linear(x, w('up'), w('upBias'))), w('down'), w('downBias'));
    x = layerNorm(add(x, inner), w('twoGain'), w('twoBias'));
  }
  return linear(mean(x, { axes: [1] }), p.head!, p.headBias!);
}

export function transformerProgram(
  size: TransformerSize,
  random: Random,
  optimiser: Partial<AdamW>,
): Program {
  return {
    parameters: transformerParameters(size, random),
    inputs: {
      tokens: { dtype: 'i32', shape: [size.batch, size.time] },
      label: { dtype: 'i32', shape: [size.batch] },
    },
    loss: (_, p, x) => ({ loss: crossEntropy(transformerLogits(p, x.tokens!, size), x.label!) }),
    optimiser,
  };
}

export function transformerBatch(
  size: TransformerSize,
  random: Random,
): { tokens: Int32Array; label: Int32Array } {
  return {
    tokens: Int32Array.from({ length: size.batch * size.time }, () => random.int(size.vocabulary)),
    label: Int32Array.from({ length: size.batch }, () => random.int(size.classes)),
  };
}

export interface MlpSize {
  batch: number;
  inputs: number;
  hidden: number;
  classes: number;
}

export function mlpProgram(size: MlpSize, random: Random, optimiser: Partial<AdamW>): Program {
  const { batch, inputs, hidden, classes } = size;
  const drawn = (shape: number[]): Tensor<Float32Array> =>
    filled(shape, () => shape[0]! ** -0.5 * (2 * random.next() - 1));
  return {
    parameters: {
      w1: drawn([inputs, hidden]),
      b1: filled([hidden], () => 0),
      w2: drawn([hidden, classes]),
      b2: filled([classes], () => 0),
    },
    inputs: { x: { dtype: 'f32', shape: [batch, inputs] }, label: { dtype: 'i32', shape: [batch] } },
    loss: (_, p, x) => ({
      loss: crossEntropy(linear(relu(linear(x.x!, p.w1!, p.b1!)), p.w2!, p.b2!), x.label!),
    }),
    optimiser,
  };
}

function filled(shape: number[], next: () => number): Tensor<Float32Array> {
  return { shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next) };
}
