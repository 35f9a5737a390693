/** Product vectors by row, as the session encoder reads them. */

import { SCALE_SUFFIX } from '../bundle.ts';
import { BadInput } from '../errors.ts';
import type { SessionInput } from '../features/sequence.ts';
import { type Tensors, tensorOf } from '../tensors.ts';

/** A vector is its numbers times a scale; where it has none it is all zeros. */
interface Vector {
  int8: ArrayLike<number>;
  scale: number;
}

export interface ProductTable {
  width: number;
  /** Without numbers for -1, and for rows that the table does not (yet) have. */
  vectorOf(row: number): Vector;
}

/** Writes the vector of a session's token t at `at`: the table's, or what a page showed of a product without a row. */
export function copyVector(
  { width, vectorOf }: ProductTable,
  { row, shown }: SessionInput,
  t: number,
  into: Float32Array,
  at: number,
): void {
  const made = shown?.get(t);
  const { int8, scale } = made?.int8.length === width ? made : vectorOf(row[t]!);
  for (let i = 0; i < width; i++) into[at + i] = (int8[i] ?? 0) * scale;
}

/**
 * Tensor `products` [rows, width], int8 with a scale a row or float32; without one, every row is zeros.
 * @throws BadInput for another width, dtype or a scale that does not fit
 */
export function productTable(tensors: Tensors, width: number): ProductTable {
  const { shape, data } = tensors['products'] ?? { shape: [0, width], data: new Float32Array(0) };
  const rows = shape[0] ?? 0;
  tensorOf({ products: { shape, data } }, 'products', [rows, width]);
  const scale = data instanceof Int8Array && tensorOf(tensors, `products${SCALE_SUFFIX}`, [rows]).data;
  if (!(data instanceof Float32Array || (scale instanceof Float32Array && scale.every(Number.isFinite))))
    throw new BadInput({ field: 'products' }, 'int8 with finite float32 scales', data.constructor.name);
  return {
    width,
    vectorOf: (row) => ({
      int8: row < 0 ? [] : data.subarray(row * width, (row + 1) * width),
      scale: scale ? (scale[row] ?? 0) : 1,
    }),
  };
}
