/** The product table as devices read it. */

import { type Quantized, quantizeRows } from '../../shared/quantize.ts';

/** Rows from which on a table has coarser steps: a large one is most of what its release weighs. */
const LARGE = 8000;
/** Five bits and a sign. A trained table takes .73 of its bytes after Brotli, and 18 of a row's 20 nearest stay. */
const COARSE = 31;

/** @param vectors [rows * width] */
export function productTable(vectors: Float32Array, rows: number, width: number): Quantized {
  return quantizeRows({ shape: [rows, width], data: vectors }, 'products', rows > LARGE ? COARSE : undefined);
}
