/** Bundle tensors as the kernels read them. */

import { BadInput } from '../errors.ts';
import { integersOf } from '../quantize.ts';
import { type Tensors, tensorOf } from '../tensors.ts';
import type { Kernels } from './kernels.ts';

/** y [rows, columns] = x * weights + bias, added to what y holds where `accumulate`. Strides in bytes. */
export type Linear = (
  x: number,
  xStride: number,
  y: number,
  yStride: number,
  rows: number,
  accumulate: boolean,
) => void;

/** Columns are computed eight at a time: rows of `count` results need this many floats. */
export const padded = (count: number): number => (count + 7) & ~7;

/** A vector's numbers: packing leaves vectors in float32. @throws BadInput for anything else */
export function floatsOf(tensors: Tensors, name: string): Float32Array {
  const { data } = tensorOf(tensors, name);
  if (data instanceof Float32Array) return data;
  throw new BadInput({ field: name }, 'float32', data.constructor.name);
}

/** A vector, padded with zeros to whole groups of eight. */
export function loadVector({ memory }: Kernels, tensors: Tensors, name: string): number {
  const data = floatsOf(tensors, name);
  return memory.put(data, memory.floats(padded(data.length)));
}

/** A table of rows [rows, width] as float32; width is a multiple of 4. */
export function loadTable({ memory, addInt8Row }: Kernels, tensors: Tensors, name: string): number {
  const { shape, data } = tensorOf(tensors, name);
  const [rows, width] = shape as [number, number];
  const table = memory.floats(rows * width);
  const scale = integersOf(tensors, name)?.scale.data;
  if (scale === undefined) return memory.put(data as Float32Array, table);
  memory.borrow(rows * width, (at) => {
    memory.put(data as Int8Array, at);
    for (let row = 0; row < rows; row++)
      addInt8Row(table + 4 * row * width, at + row * width, scale[row]!, width);
  });
  return table;
}

/** `prefix.w` and `prefix.b` in float32. */
export function floatLinear(kernels: Kernels, tensors: Tensors, prefix: string): Linear {
  return floatProduct(kernels, tensors, `${prefix}.w`, { bias: loadVector(kernels, tensors, `${prefix}.b`) });
}

export interface ProductOptions {
  /** An address, 0 for none. */
  bias?: number;
  /** Of the matrix, these rows alone. */
  from?: number;
  depth?: number;
}

/** A product in float32 with a matrix [in, out] of the tensors. */
export function floatProduct(
  { memory, matmul, ...kernels }: Kernels,
  tensors: Tensors,
  name: string,
  { bias = 0, from = 0, depth = tensorOf(tensors, name).shape[0]! }: ProductOptions = {},
): Linear {
  const { shape, data } = tensorOf(tensors, name);
  const columns = shape[1]!;
  const width = padded(columns);
  const panels = memory.floats(depth * width);
  const scale = integersOf(tensors, name)?.scale.data;
  const rows = data.subarray(from * columns, (from + depth) * columns);
  // Unpacked by the kernels: a worker that has just started runs JavaScript twenty times slower than WebAssembly.
  memory.borrow(rows.byteLength + 4 * width + BEHIND, (at) => {
    memory.put(scale ?? new Float32Array(columns).fill(1), at);
    memory.put(rows as Float32Array | Int8Array, at + 4 * width);
    kernels[scale ? 'packInt8Panels' : 'packPanels'](at + 4 * width, at, panels, depth, columns);
  });
  return (x, xStride, y, yStride, rows, accumulate) =>
    matmul(x, xStride, panels, bias, y, yStride, rows, depth, width, accumulate);
}

/** Bytes that packing reads behind a matrix. */
const BEHIND = 32;
