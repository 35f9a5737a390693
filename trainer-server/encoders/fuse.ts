/** Product vectors of a whole catalogue, and what a device needs to place a new product among them. */

import { type FusionSpec, productVector } from '../../shared/features/product-vector.ts';
import type { Minor } from '../../shared/money.ts';
import type { Catalogue } from './catalogue.ts';

/**
 * @param text unit text vectors [rows * width], zeros for products without text; absent where no text encoder exists
 * @param pictures unit vectors of the products' pictures by row
 * @returns unit vectors [rows * width]
 */
export function fuseCatalogue(
  catalogue: Catalogue,
  width: number,
  priceEdges: readonly Minor[],
  text?: Float32Array,
  pictures?: ReadonlyMap<number, Float32Array>,
): { spec: FusionSpec; vectors: Float32Array } {
  const { products, touches } = catalogue;
  const rows = products.length;
  const spec: FusionSpec = {
    width,
    textMean: text === undefined ? [] : meanVector(text, width),
    priceEdges: [...priceEdges],
    rating: moments(products.flatMap(({ rating }) => rating ?? [])),
    popularity: moments([...touches].map(Math.log1p)),
  };
  const vectors = new Float32Array(rows * width);
  products.forEach((product, row) => {
    const own = text?.subarray(row * width, (row + 1) * width);
    const known = own?.some((x) => x !== 0) === true ? own : undefined;
    vectors.set(productVector(product, spec, known, touches[row], pictures?.get(row)), row * width);
  });
  return { spec, vectors };
}

function meanVector(vectors: Float32Array, width: number): number[] {
  const sum = new Array<number>(width).fill(0);
  let count = 0;
  for (let at = 0; at < vectors.length; at += width) {
    if (vectors.subarray(at, at + width).every((x) => x === 0)) continue;
    count++;
    for (let i = 0; i < width; i++) sum[i]! += vectors[at + i]!;
  }
  // Six digits: this goes into a published file.
  return sum.map((x) => Number((x / Math.max(1, count)).toFixed(6)));
}

function moments(values: readonly number[]): { mean: number; deviation: number } {
  const n = Math.max(1, values.length);
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
  return { mean, deviation: Math.sqrt(variance) };
}
