/** Bundle tensors as the kernels read them. */

import { SCALE_SUFFIX } from '../bundle.ts';
import { quantizeColumns, unpackParameter } from '../quantize.ts';
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

/** Room for the integers of activations, shared by the products of one network. */
export interface IntegerRoom {
  integers: number;
  ranges: number;
}

/** Room for `rows` activations of at most `depth`. */
export function integerRoom(kernels: Kernels, rows: number, depth: number): IntegerRoom {
  const { memory } = kernels;
  return {
    integers: memory.allocate(rows * depth * kernels.integerSize()),
    ranges: memory.floats(rows * 2),
  };
}

/**
 * `prefix.w` and `prefix.b` as int8 weights times 7-bit activations: within a hundredth or so of float32, at half
 * the time. x is dense; its rows, and those of y, must have room up to the next multiple of 4.
 */
export function integerLinear(kernels: Kernels, tensors: Tensors, prefix: string, room: IntegerRoom): Linear {
  const { memory } = kernels;
  const { int8, scale } = integersOf(tensors, `${prefix}.w`);
  const [depth, columns] = int8.shape as [number, number];
  const bias = loadVector(kernels, tensors, `${prefix}.b`);
  const scales = memory.store(scale.data);
  const sums = memory.floats(columns);
  const weights = memory.allocate(depth * columns * kernels.integerSize());
  memory.borrow(depth * columns, (at) => {
    memory.int8View(at, int8.data.length).set(int8.data);
    kernels.packIntegers(at, scales, weights, sums, depth, columns);
  });
  const { integers, ranges } = room;
  return (x, _xStride, y, yStride, rows, accumulate) => {
    kernels.quantizeRows(x, integers, ranges, rows, depth);
    const whole = (rows + 3) & ~3;
    kernels.multiplyIntegers(
      ...([
        integers,
        ranges,
        weights,
        scales,
        sums,
        bias,
        y,
        yStride,
        whole,
        depth,
        columns,
        accumulate,
      ] as const),
    );
  };
}

function integersOf(
  tensors: Tensors,
  name: string,
): { int8: Tensor<Int8Array>; scale: Tensor<Float32Array> } {
  // Reading the float form also checks the scales.
  const float = unpackParameter(tensors, name);
  const { shape, data } = tensors[name]!;
  if (!(data instanceof Int8Array)) return quantizeColumns(float, name);
  return { int8: { shape, data }, scale: tensors[name + SCALE_SUFFIX] as Tensor<Float32Array> };
}
