/** Facts of a product that a release does not know, from what the page showed of it. */

import type { EventItem } from '../event.ts';
import type { ProductFacts, ProductLookup } from './sequence.ts';

/** Those of the release, else the page's: no row, and no price of the catalogue. Undefined where nobody said anything. */
export function factsOf(item: EventItem, products: ProductLookup): ProductFacts | undefined {
  const { sku, category, brand } = item;
  const known = products.find(sku);
  if (known !== undefined || (category === undefined && brand === undefined)) return known;
  return { row: -1, category: category ?? [], ...(brand === undefined ? {} : { brand }) };
}
