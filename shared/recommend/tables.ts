/** A bundle's catalogue and recommender, read for use: on the device and on the command line alike. */

import type { CatalogueFile, ProductColumns } from '../bundle.ts';
import { BadInput } from '../errors.ts';
import type { ProductLookup } from '../features/sequence.ts';
import { unpackTable } from '../quantize.ts';
import { type Tensors, tensorOf } from '../tensors.ts';
import { PARTS } from './parts.ts';
import { type Blend, CONTEXTS, type Recommender } from './recommend.ts';
import { readRelation } from './relation.ts';

/** Rows of vectors, [rows * width]. */
export interface VectorTable {
  width: number;
  data: Float32Array;
}

export interface CatalogueTables {
  columns: ProductColumns;
  lookup: ProductLookup;
  rowOf(sku: string): number | undefined;
  /** Product vectors, as the session encoder reads them. */
  vectors: VectorTable;
  /** Text vectors; zeros for a product without text. */
  text?: VectorTable | undefined;
}

/**
 * @param file catalogue.json
 * @param tensors products.safetensors
 * @throws BadInput where they do not fit each other
 */
export function readCatalogue(file: CatalogueFile, tensors: Tensors): CatalogueTables {
  const { products: columns } = file;
  const rows = new Map(columns.sku.map((sku, row) => [sku, row]));
  const rowOf = (sku: string): number | undefined => rows.get(sku);
  return {
    columns,
    rowOf,
    lookup: lookupOf(columns, rowOf),
    vectors: tableOf(tensors, 'products', columns.sku.length),
    text: tensors.text === undefined ? undefined : tableOf(tensors, 'text', columns.sku.length),
  };
}

function tableOf(tensors: Tensors, name: string, rows: number): VectorTable {
  const { shape, data } = unpackTable(tensors, name);
  if (shape[0] !== rows)
    throw new BadInput({ file: 'products.safetensors', field: name }, `${rows} rows`, `${shape[0]}`);
  return { width: shape[1]!, data };
}

function lookupOf(columns: ProductColumns, rowOf: (sku: string) => number | undefined): ProductLookup {
  return {
    find(sku) {
      const row = rowOf(sku);
      if (row === undefined) return undefined;
      const price = columns.price[row];
      const brand = columns.brands[columns.brand[row]!];
      return {
        row,
        category: columns.categories[columns.category[row]!] ?? [],
        ...(price == null ? {} : { price }),
        ...(brand === undefined ? {} : { brand }),
      };
    },
  };
}

/** Where a bundle has no counted relations: what is like what the shopper saw. */
const CONTENT_ONLY: Blend = Array.from({ length: CONTEXTS }, () =>
  PARTS.map((part) => ({ content: 0.9, popularity: 0.1 })[part as string] ?? 0),
);

/** @param neighbours neighbours.safetensors, where the bundle has one */
export function readRecommender(catalogue: CatalogueTables, neighbours: Tensors | undefined): Recommender {
  const rows = catalogue.columns.sku.length;
  const base = { rows, vectors: catalogue.vectors, rowOf: catalogue.rowOf };
  if (neighbours === undefined) {
    // Rows are in order of popularity, so that falling shares keep the known order.
    const popularity = Float32Array.from(
      { length: rows },
      (_, row) => (2 * (rows - row)) / (rows * (rows + 1)),
    );
    return { ...base, popularity, blend: CONTENT_ONLY };
  }
  const blend = readBlend(neighbours);
  return {
    ...base,
    blend,
    next: readRelation(neighbours, 'next'),
    before: readRelation(neighbours, 'before'),
    together: readRelation(neighbours, 'together'),
    complements: readRelation(neighbours, 'complements'),
    popularity: tensorOf(neighbours, 'popularity', [rows]).data as Float32Array,
  };
}

/** A release made before a part existed gives it no weight. @throws BadInput */
function readBlend(neighbours: Tensors): Blend {
  const { shape, data } = tensorOf(neighbours, 'blend');
  const [contexts, parts = 0] = shape;
  if (contexts !== CONTEXTS || parts > PARTS.length)
    throw new BadInput({ field: 'blend' }, `[${CONTEXTS}, ${PARTS.length}] weights`, `shape [${shape}]`);
  return Array.from({ length: CONTEXTS }, (_, c) =>
    PARTS.map((_, k) => (k < parts ? data[c * parts + k]! : 0)),
  );
}
