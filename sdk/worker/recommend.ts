/** Products for a slot, from the release's tables alone. */

import { type BehaviourEvent, itemsOf } from '../../shared/event.ts';
import { toMajor } from '../../shared/money.ts';
import type { Recommendation } from '../api.ts';
import type { Model } from './model.ts';

/** Before any recommender was trained, or while its tables are still on their way: the most visited, unseen ones. */
export function popular(model: Model, history: readonly BehaviourEvent[], k: number): Recommendation {
  const { sku, available } = model.products;
  const seen = new Set(history.flatMap((event) => itemsOf(event).map((item) => item.sku)));
  const rows: number[] = [];
  for (let row = 0; row < sku.length && rows.length < k; row++)
    if (available?.[row] !== 0 && !seen.has(sku[row]!)) rows.push(row);
  return itemsAt(model, rows, (row) => 1 / (row + 1));
}

/** Rows of the product table as a page shows them. */
export function itemsAt(
  { products, meta }: Model,
  rows: readonly number[],
  score: (row: number) => number,
): Recommendation {
  const items = rows.map((row) => {
    const price = products.price[row];
    const title = products.title?.[row];
    return {
      sku: products.sku[row]!,
      score: score(row),
      ...(title === undefined ? {} : { title }),
      ...(price == null ? {} : { price: toMajor(price, meta.shop.currency) }),
    };
  });
  return { items };
}
