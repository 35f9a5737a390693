/**
 * Symmetric int8: value = int8 * scale, int8 in -127..127, scale = largest magnitude / 127. A matrix [in, out] has
 * one scale an output column (it can be taken out of the dot product), a table one a row (a row is read alone).
 * The packed tensors of the kernels and the DequantizeLinear weights of the ONNX files hold these same numbers.
 * Source: Jacob et al. 2018, arXiv 1712.05877, section 2.1, without zero points; -128 is left out for symmetry.
 */

import { SCALE_SUFFIX } from './bundle.ts';
import { BadInput } from './errors.ts';
import { type Tensor, type Tensors, tensorOf } from './tensors.ts';

export interface Quantized {
  /** The shape that was given. */
  int8: Tensor<Int8Array>;
  /** [columns] or [rows]; always above 0. */
  scale: Tensor<Float32Array>;
}

/** What of a tensor shares a scale: `plain` stays float32. */
export type Packing = 'columns' | 'rows' | 'plain';

const LARGEST = 127;

/** Tables, read row by row; every other matrix is multiplied. */
const ROW_TABLES = /(^|\.)(kind|gap|price|query|position|token|products)$/;

/** How a parameter of this name and shape is packed. */
export function packingOf(name: string, shape: readonly number[]): Packing {
  if (shape.length !== 2) return 'plain';
  return ROW_TABLES.test(name) ? 'rows' : 'columns';
}

/** A matrix [in, out] with a scale an output column. @throws BadInput unless it is a finite matrix */
export function quantizeColumns(matrix: Tensor<Float32Array>, name = 'matrix'): Quantized {
  const [rows, columns] = matrixShape(matrix, name);
  return quantize(matrix, name, columns, rows, 1, columns);
}

/**
 * A table [rows, width] with a scale a row.
 * @param largest the magnitude that a row's largest value becomes, at most 127: with less the steps are coarser, scales are
 * rounded up to bfloat16, and the bytes of a file compress better
 * @throws BadInput unless it is a finite matrix
 */
export function quantizeRows(table: Tensor<Float32Array>, name = 'table', largest = LARGEST): Quantized {
  const [rows, columns] = matrixShape(table, name);
  return quantize(table, name, rows, columns, columns, 1, largest);
}

/** The inverse of quantizeColumns, up to half a scale a value. */
export function dequantizeColumns({ int8, scale }: Quantized, name = 'matrix'): Tensor<Float32Array> {
  const [rows, columns] = matrixShape(int8, name);
  checkScale(scale, columns, name);
  const data = new Float32Array(rows * columns);
  for (let i = 0; i < data.length; i += columns) {
    for (let j = 0; j < columns; j++) data[i + j] = int8.data[i + j]! * scale.data[j]!;
  }
  return { shape: int8.shape, data };
}

/** The inverse of quantizeRows, up to half a scale a value. */
export function dequantizeRows({ int8, scale }: Quantized, name = 'table'): Tensor<Float32Array> {
  const [rows, columns] = matrixShape(int8, name);
  checkScale(scale, rows, name);
  const data = new Float32Array(rows * columns);
  for (let row = 0, i = 0; row < rows; row++) {
    for (const end = i + columns; i < end; i++) data[i] = int8.data[i]! * scale.data[row]!;
  }
  return { shape: int8.shape, data };
}

/** Float parameters as the packed tensors of a bundle: each matrix `m` becomes `m` (int8) and `m.scale`. */
export function packParameters(parameters: Record<string, Tensor<Float32Array>>): Tensors {
  const packed: Tensors = {};
  for (const [name, tensor] of Object.entries(parameters)) {
    const packing = packingOf(name, tensor.shape);
    if (packing === 'plain') {
      packed[name] = tensor;
      continue;
    }
    const { int8, scale } = packing === 'rows' ? quantizeRows(tensor, name) : quantizeColumns(tensor, name);
    packed[name] = int8;
    packed[name + SCALE_SUFFIX] = scale;
  }
  return packed;
}

/** Packed tensors as the float parameters that they stand for. @throws BadInput where a scale is missing or wrong */
export function unpackParameters(packed: Tensors): Record<string, Tensor<Float32Array>> {
  const parameters: Record<string, Tensor<Float32Array>> = {};
  for (const name of Object.keys(packed)) {
    if (!name.endsWith(SCALE_SUFFIX)) parameters[name] = unpackParameter(packed, name);
  }
  return parameters;
}

/** One parameter of packed tensors as float32. @throws BadInput where it or its scale is missing or wrong */
export function unpackParameter(packed: Tensors, name: string): Tensor<Float32Array> {
  const quantized = integersOf(packed, name);
  if (quantized === undefined) return packed[name] as Tensor<Float32Array>;
  return packingOf(name, quantized.int8.shape) === 'rows'
    ? dequantizeRows(quantized, name)
    : dequantizeColumns(quantized, name);
}

/** The same as it is stored; undefined where it is float32. @throws BadInput where it or its scale is missing or wrong */
export function integersOf(packed: Tensors, name: string): Quantized | undefined {
  const { shape, data } = tensorOf(packed, name);
  if (data instanceof Float32Array) return undefined;
  if (!(data instanceof Int8Array))
    throw new BadInput({ field: name }, 'int8 or float32', data.constructor.name);
  const int8 = { shape, data };
  const [rows, columns] = matrixShape(int8, name);
  const scale = scaleOf(packed, name);
  checkScale(scale, packingOf(name, shape) === 'rows' ? rows : columns, name);
  return { int8, scale };
}

/** A packed table of rows as float32, whatever its name. @throws BadInput where it or its scale is missing or wrong */
export function unpackTable(packed: Tensors, name: string): Tensor<Float32Array> {
  const { shape, data } = tensorOf(packed, name);
  if (!(data instanceof Int8Array)) throw new BadInput({ field: name }, 'int8', data.constructor.name);
  return dequantizeRows({ int8: { shape, data }, scale: scaleOf(packed, name) }, name);
}

function scaleOf(packed: Tensors, name: string): Tensor<Float32Array> {
  const { shape, data } = tensorOf(packed, name + SCALE_SUFFIX);
  if (!(data instanceof Float32Array)) {
    throw new BadInput({ field: name + SCALE_SUFFIX }, 'float32', data.constructor.name);
  }
  return { shape, data };
}

/** `groups` groups of `count` values, the first of each `groupStep` apart, the others `step` apart. */
function quantize(
  { shape, data }: Tensor<Float32Array>,
  name: string,
  groups: number,
  count: number,
  groupStep: number,
  step: number,
  most = LARGEST,
): Quantized {
  const int8 = new Int8Array(data.length);
  const scales = new Float32Array(groups);
  for (let group = 0; group < groups; group++) {
    const from = group * groupStep;
    let largest = 0;
    for (let i = 0, at = from; i < count; i++, at += step) {
      const size = Math.abs(data[at]!);
      if (!Number.isFinite(size)) throw new BadInput({ field: name }, 'finite numbers', `${data[at]}`);
      if (size > largest) largest = size;
    }
    // The float32 scale is the one that readers multiply by; 0 (all zeros, or below float32) becomes 1.
    const scale = (most < LARGEST ? upToBfloat16(largest / most) : Math.fround(largest / most)) || 1;
    scales[group] = scale;
    for (let i = 0, at = from; i < count; i++, at += step) {
      int8[at] = Math.max(-most, Math.min(most, Math.round(data[at]! / scale)));
    }
  }
  return { int8: { shape, data: int8 }, scale: { shape: [groups], data: scales } };
}

/** The next float32, from 0 on, that ends in two bytes of zeros: rounded up, so that the largest value still fits. */
function upToBfloat16(x: number): number {
  const bits = new Uint32Array(Float32Array.of(x).buffer);
  bits[0] = (bits[0]! + 0xffff) & 0xffff0000;
  return new Float32Array(bits.buffer)[0]!;
}

function matrixShape({ shape, data }: Tensor, name: string): [number, number] {
  const [rows, columns] = shape;
  if (shape.length !== 2 || rows! * columns! !== data.length) {
    throw new BadInput({ field: name }, `a matrix of ${data.length} values`, `shape [${shape}]`);
  }
  return [rows!, columns!];
}

function checkScale({ data }: Tensor<Float32Array>, count: number, name: string): void {
  if (data.length !== count || !data.every((scale) => scale > 0 && Number.isFinite(scale))) {
    throw new BadInput(
      { field: name + SCALE_SUFFIX },
      `${count} finite scales above 0`,
      `${data.length}: ${data.slice(0, 4)}`,
    );
  }
}
