/** The text encoder (models/text-encoder.ts) on the kernels, in int8 but for attention and norms. */

import type { TextEncoderConfig } from '../models/text-encoder.ts';
import { integersOf, type Quantized, quantizeRows, unpackParameter } from '../quantize.ts';
import type { Tensors } from '../tensors.ts';
import { checkTokens } from './check-input.ts';
import { type IntegerKernels, integerLinear, integerRoom } from './integer-kernels.ts';
import { checkText } from './limits.ts';
import { loadTransformer } from './transformer.ts';
import { floatProduct, loadTable, padded } from './weights.ts';

export interface TextKernel {
  /** Unit vector [vectorWidth] of the first `length` tokens; zeros for none. */
  encode(tokens: Int32Array): Float32Array;
}

/** @throws BadInput for sizes beyond the limits or tensors that do not fit them */
export function loadTextKernel(
  kernels: IntegerKernels,
  config: TextEncoderConfig,
  tensors: Tensors,
): TextKernel {
  checkText(config, tensors);
  const { memory } = kernels;
  const { width, length, vocabulary, vectorWidth } = config;
  const row = width * 4;
  const table = tokenTable(tensors);
  const token = memory.allocate(width);
  const position = loadTable(kernels, tensors, 'text.position');
  const project = floatProduct(kernels, tensors, 'text.project');
  const normed = memory.floats(length * width);
  const mean = memory.floats(width);
  const vector = memory.floats(padded(vectorWidth));
  const room = integerRoom(kernels, (length + 3) & ~3, Math.max(width, config.inner));
  const layers = loadTransformer(kernels, config, tensors, {
    prefix: 'text',
    causal: false,
    linear: (name) => integerLinear(kernels, tensors, name, room),
  });

  const embed = (id: number, t: number): void => {
    const y = layers.x + t * row;
    memory.view(y, width).fill(0);
    memory.put(table.int8.data.subarray(id * width, (id + 1) * width), token);
    kernels.addInt8Row(y, token, table.scale.data[id]!, width);
    kernels.addRow(y, position + t * row, 1, width);
  };

  return {
    encode(tokens) {
      checkTokens(tokens, vocabulary);
      const rows = Math.min(tokens.length, length);
      if (rows === 0) return new Float32Array(vectorWidth);
      for (let t = 0; t < rows; t++) embed(tokens[t]!, t);
      layers.run(0, rows, false);
      layers.finish(0, rows, normed);
      memory.view(mean, width).fill(0);
      for (let t = 0; t < rows; t++) kernels.addRow(mean, normed + t * row, 1 / rows, width);
      project(mean, row, vector, padded(vectorWidth) * 4, 1, false);
      return unit(memory.view(vector, vectorWidth).slice());
    },
  };
}

function tokenTable(tensors: Tensors): Quantized {
  const name = 'text.token';
  return integersOf(tensors, name) ?? quantizeRows(unpackParameter(tensors, name), name);
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : vector;
}
