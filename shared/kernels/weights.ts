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
  const at = memory.floats(padded(data.length));
  memory.view(at, data.length).set(data);
  return at;
}

/** A table of rows [rows, width] as float32; width is a multiple of 4. */
export function loadTable({ memory, addInt8Row }: Kernels, tensors: Tensors, name: string): number {
  const packed = integersOf(tensors, name);
  if (packed === undefined) return memory.store(tensorOf(tensors, name).data as Float32Array);
  const { int8, scale } = packed;
  const [rows, width] = int8.shape as [number, number];
  const table = memory.floats(rows * width);
  memory.borrow(rows * width, (at) => {
    memory.int8View(at, rows * width).set(int8.data);
    for (let row = 0; row < rows; row++)
      addInt8Row(table + 4 * row * width, at + row * width, scale.data[row]!, width);
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
  { memory, ...kernels }: Kernels,
  tensors: Tensors,
  name: string,
  { bias = 0, from = 0, depth = tensorOf(tensors, name).shape[0]! }: ProductOptions = {},
): Linear {
  const columns = tensorOf(tensors, name).shape[1]!;
  const width = padded(columns);
  const panels = memory.floats(depth * width);
  const packed = integersOf(tensors, name);
  // Unpacked by the kernels: a worker that has just started runs JavaScript twenty times slower than WebAssembly.
  if (packed === undefined) {
    const data = tensorOf(tensors, name).data as Float32Array;
    memory.borrow(depth * columns * 4, (at) => {
      memory.view(at, depth * columns).set(data.subarray(from * columns, (from + depth) * columns));
      kernels.packPanels(at, panels, depth, columns);
    });
  } else {
    const { int8, scale } = packed;
    memory.borrow((depth + 4) * columns, (at) => {
      memory.view(at, columns).set(scale.data);
      const integers = at + 4 * columns;
      memory
        .int8View(integers, depth * columns)
        .set(int8.data.subarray(from * columns, (from + depth) * columns));
      kernels.packInt8Panels(integers, at, panels, depth, columns);
    });
  }
  return (x, xStride, y, yStride, rows, accumulate) =>
    kernels.matmul(x, xStride, panels, bias, y, yStride, rows, depth, width, accumulate);
}
