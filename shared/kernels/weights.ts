/** Bundle tensors as the kernels read them. */

import { unpackParameter } from '../quantize.ts';
import type { Tensor, Tensors } from '../tensors.ts';
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

/** A vector, padded with zeros to whole groups of eight. */
export function loadVector({ memory }: Kernels, tensors: Tensors, name: string): number {
  const { data } = unpackParameter(tensors, name);
  const at = memory.floats(padded(data.length));
  memory.view(at, data.length).set(data);
  return at;
}

/** A table of rows as float32. */
export function loadTable({ memory }: Kernels, tensors: Tensors, name: string): number {
  return memory.store(unpackParameter(tensors, name).data);
}

/** `prefix.w` and `prefix.b` in float32. */
export function floatLinear(kernels: Kernels, tensors: Tensors, prefix: string): Linear {
  const bias = loadVector(kernels, tensors, `${prefix}.b`);
  return floatProduct(kernels, unpackParameter(tensors, `${prefix}.w`), bias);
}

/** A float32 product with `matrix` [in, out]; `bias` is an address, 0 for none. */
export function floatProduct(kernels: Kernels, matrix: Tensor<Float32Array>, bias = 0): Linear {
  const [depth, columns] = matrix.shape as [number, number];
  const panels = kernels.memory.floats(depth * padded(columns));
  kernels.memory.borrow(matrix.data.byteLength, (at) => {
    kernels.memory.view(at, matrix.data.length).set(matrix.data);
    kernels.packPanels(at, panels, depth, columns);
  });
  const width = padded(columns);
  return (x, xStride, y, yStride, rows, accumulate) =>
    kernels.matmul(x, xStride, panels, bias, y, yStride, rows, depth, width, accumulate);
}
