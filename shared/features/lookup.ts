/** Finding a product's facts by its sku. */

import type { ProductColumns } from '../bundle.ts';
import type { Product } from '../product.ts';
import type { ProductFacts, ProductLookup } from './sequence.ts';

/** A lookup over a bundle's columns: row i is row i of the product table. */
export function lookupOf(columns: ProductColumns): ProductLookup {
  const rows = new Map(columns.sku.map((sku, row) => [sku, row]));
  return {
    find(sku) {
      const row = rows.get(sku);
      if (row === undefined) return undefined;
      const price = columns.price[row];
      const brand = columns.brands[columns.brand[row]!];
      const category = columns.categories[columns.category[row]!] ?? [];
      return facts(row, price ?? undefined, category, brand, columns.reduced?.[row] === 1);
    },
  };
}

/** A lookup over a catalogue, for the trainer: rows are the catalogue's own order. */
export function lookupIn(products: readonly Product[]): ProductLookup {
  const bySku = new Map(
    products.map((product, row) => {
      const { sku, price, category, brand } = product;
      return [sku, facts(row, price, category, brand, isReduced(product))];
    }),
  );
  return { find: (sku) => bySku.get(sku) };
}

export function isReduced({ price, listPrice }: Pick<Product, 'price' | 'listPrice'>): boolean {
  return price !== undefined && listPrice !== undefined && listPrice > price;
}

function facts(
  row: number,
  price: number | undefined,
  category: readonly string[],
  brand: string | undefined,
  reduced: boolean,
): ProductFacts {
  return {
    row,
    category,
    ...(reduced ? { reduced } : {}),
    ...(price === undefined ? {} : { price }),
    ...(brand === undefined ? {} : { brand }),
  };
}
