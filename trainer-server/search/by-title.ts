/** An order in which like products stand together: by title, so that names and series do. */

import type { Product } from '../../shared/product.ts';

/** Rows, by title and then by themselves. */
export const byTitle = (products: readonly Pick<Product, 'title'>[]): number[] =>
  [...products.keys()].sort((a, b) => {
    const [left, right] = [products[a]!.title, products[b]!.title];
    return left < right ? -1 : left > right ? 1 : a - b;
  });
