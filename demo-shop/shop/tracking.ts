/** What the shop says to its dataLayer, under GA4's e-commerce names. It has no other tracking code. */

import type { ShopProduct } from './catalogue.ts';

export interface TrackedItem {
  item_id: string;
  item_name: string;
  item_brand: string;
  item_category: string;
  price: number;
  quantity?: number;
}

/** GA4's form of a product; money in major units. */
export function itemOf(product: ShopProduct, quantity?: number): TrackedItem {
  return {
    item_id: product.sku,
    item_name: product.title[0],
    item_brand: product.brand,
    item_category: product.category.join(' > '),
    price: product.price / 100,
    ...(quantity === undefined ? {} : { quantity }),
  };
}

/** Pushes one event; `ecommerce` is cleared before, as GA4's guide asks, lest an older one leak into it. */
export function push(event: string, ecommerce: Record<string, unknown> = {}): void {
  const page = globalThis as { dataLayer?: unknown[] };
  page.dataLayer ??= [];
  page.dataLayer.push({ ecommerce: null });
  page.dataLayer.push({ event, ecommerce });
}

export const amountOf = (lines: readonly { price: number; quantity: number }[]): number =>
  lines.reduce((total, line) => total + line.price * line.quantity, 0) / 100;
