/** The products of a release in the order of its tables: the catalogue's, and those that only the events know. */

import { itemsOf } from '../../shared/event.ts';
import type { Product } from '../../shared/product.ts';
import type { Dataset } from '../dataset/load.ts';
import { countPopularity } from '../recommend/co-occurrence.ts';
import type { EarlierRecommender } from '../recommend/earlier-recommender.ts';
import { type Trail, trailsOf } from '../recommend/trails.ts';

export interface Catalogue {
  /** Most touched first. */
  products: Product[];
  rowOf(sku: string): number | undefined;
  trails: Trail[];
  /** Decayed touches, [rows]. */
  touches: Float64Array;
}

/** Days after which a touch counts half towards popularity. */
const POPULARITY_HALF_LIFE = 30;

/** @param earlier where the data lists no products, those of the release that is gone on from stay */
export function catalogueOf(
  { products, events, pairs = [] }: Pick<Dataset, 'products' | 'events'> & Partial<Pick<Dataset, 'pairs'>>,
  earlier?: Pick<EarlierRecommender, 'products' | 'memory'>,
): Catalogue {
  const stay = products.length > 0 ? products : (earlier?.products ?? []);
  const listed = [...stay, ...unlisted(stay, events)];
  // Labelled pairs alone are a catalogue too: without one there would be no release to embed with.
  const all =
    listed.length > 0
      ? listed
      : [...new Map(pairs.flatMap(({ a, b }) => [a, b]).map((one) => [one.sku, one])).values()];
  const first = new Map(all.map((product, i) => [product.sku, i]));
  const walks = trailsOf(events, (sku) => first.get(sku));
  const counts = countPopularity(walks, all.length, POPULARITY_HALF_LIFE);
  earlier?.memory?.touches.forEach((count, row) => {
    const place = first.get(earlier.products[row]!.sku);
    if (place !== undefined) counts[place]! += count;
  });
  const order = all.map((_, i) => i).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const rows = new Map(order.map((i, row) => [all[i]!.sku, row]));
  const moved = new Int32Array(all.length);
  order.forEach((i, row) => {
    moved[i] = row;
  });
  const rowOf = (sku: string): number | undefined => rows.get(sku);
  return {
    products: order.map((i) => all[i]!),
    rowOf,
    trails: walks.map((trail) => ({ ...trail, rows: trail.rows.map((i) => moved[i]!) })),
    touches: Float64Array.from(order, (i) => counts[i]!),
  };
}

/** Skus that only the events know, in the order of their first event, with the price paid where one is told. */
function unlisted(products: readonly Product[], events: Dataset['events']): Product[] {
  const known = new Set(products.map(({ sku }) => sku));
  const found = new Map<string, Product>();
  for (const event of events) {
    for (const { sku, price } of itemsOf(event)) {
      if (known.has(sku)) continue;
      const product = found.get(sku) ?? { sku, title: '', category: [] };
      if (price !== undefined) product.price = price;
      found.set(sku, product);
    }
  }
  return [...found.values()];
}
