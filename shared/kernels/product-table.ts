/** Product vectors by row, as the session encoder reads them. */

import { SCALE_SUFFIX } from '../bundle.ts';
import { BadInput } from '../errors.ts';
import type { SessionInput } from '../features/sequence.ts';
import { type Tensors, tensorOf } from '../tensors.ts';

export interface ProductTable {
  rows: number;
  width: number;
  /** Writes a row's vector at `at`; zeros for -1 and for rows that the table does not (yet) have. */
  copyRow(row: number, into: Float32Array, at: number): void;
}

/** Writes the vector of a session's token t at `at`: the table's, or what a page showed of a product without a row. */
export function copyVector(
  products: ProductTable,
  { row, shown }: SessionInput,
  t: number,
  into: Float32Array,
  at: number,
): void {
  const { int8, scale } = shown?.get(t) ?? { int8: [], scale: 0 };
  if (int8.length !== products.width) products.copyRow(row[t]!, into, at);
  else for (let i = 0; i < int8.length; i++) into[at + i] = int8[i]! * scale;
}

/**
 * Tensor `products` [rows, width], int8 with a scale a row or float32; without one, every row is zeros.
 * @throws BadInput for another width, dtype or a scale that does not fit
 */
export function productTable(tensors: Tensors, width: number): ProductTable {
  if (tensors['products'] === undefined) return tableOf(0, width, new Float32Array(0));
  const { shape, data } = tensorOf(tensors, 'products');
  const rows = shape[0] ?? 0;
  tensorOf(tensors, 'products', [rows, width]);
  if (data instanceof Float32Array) return tableOf(rows, width, data);
  const scale = tensorOf(tensors, `products${SCALE_SUFFIX}`, [rows]).data;
  if (!(data instanceof Int8Array && scale instanceof Float32Array && scale.every(Number.isFinite))) {
    throw new BadInput({ field: 'products' }, 'int8 with finite float32 scales', data.constructor.name);
  }
  return tableOf(rows, width, data, scale);
}

function tableOf(
  rows: number,
  width: number,
  data: Float32Array | Int8Array,
  scale?: Float32Array,
): ProductTable {
  return {
    rows,
    width,
    copyRow(row, into, at) {
      if (!(row >= 0 && row < rows)) {
        into.fill(0, at, at + width);
        return;
      }
      const factor = scale?.[row] ?? 1;
      const from = row * width;
      for (let i = 0; i < width; i++) into[at + i] = data[from + i]! * factor;
    },
  };
}
