/** schema.org JSON-LD as a `view_item`: https://schema.org/Product. */

import type { EventProps } from '../api.ts';

interface Thing {
  '@type'?: string | string[];
  '@graph'?: Thing[];
  sku?: unknown;
  productID?: unknown;
  offers?: Offer | Offer[];
}

interface Offer {
  price?: unknown;
  priceCurrency?: unknown;
}

/** The first product with an id among a page's JSON-LD texts; undefined where there is none. */
export function viewedProduct(texts: readonly unknown[]): EventProps | undefined {
  const product = texts
    .flatMap(thingsIn)
    .find((thing) => [thing['@type']].flat().includes('Product') && (thing.sku ?? thing.productID) != null);
  if (product === undefined) return undefined;
  const offer = [product.offers].flat()[0];
  return {
    currency: offer?.priceCurrency,
    items: [{ sku: product.sku ?? product.productID, price: offer?.price }],
  };
}

function thingsIn(text: unknown): Thing[] {
  let data: unknown;
  try {
    data = JSON.parse(String(text));
  } catch {
    return [];
  }
  const things = [data].flat() as (Thing | null)[];
  return things.flatMap((thing) => thing?.['@graph'] ?? thing ?? []);
}
