/** A basket as a page sends it, read by a server that believes none of its prices. */

import type { Cart, Order, PricedCart } from '../trainer-server/client/index.ts';
import { type BasketLine, DELIVERY } from './cart/price.ts';
import type { CatalogueProduct } from './catalogue/catalogue.ts';

/** Of its prices nothing is believed, so a page sends none. */
export interface Basket {
  /** Made up by the page: asking again places no second order. */
  order: string;
  /** No product twice. */
  lines: { sku: string; quantity: number }[];
  codes: string[];
  /** Ids of promotions that need no code: the shop takes them off by its own terms. */
  offers: string[];
  /** Of the visit, as its grant names it. */
  sid?: string;
  customer?: string;
}

export type Products = ReadonlyMap<string, CatalogueProduct>;

/** @returns undefined for what is no basket of this shop's goods */
export function basketOf(raw: unknown, products: Products): Basket | undefined {
  const { order, lines, codes = [], offers = [], sid, customer } = (raw ?? {}) as Loose;
  if (!isText(order) || !Array.isArray(lines) || lines.length === 0 || lines.length > 100) return undefined;
  if (!lines.every((line) => isLine(line, products))) return undefined;
  if (new Set(lines.map(({ sku }) => sku)).size < lines.length) return undefined;
  if (!isTexts(codes) || !isTexts(offers)) return undefined;
  return {
    ...{ order, lines, codes, offers },
    ...(isText(sid) ? { sid } : {}),
    ...(isText(customer) ? { customer } : {}),
  };
}

type Loose = Partial<Record<keyof Basket, unknown>>;

export const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 100;

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= 10 && value.every(isText);

function isLine(line: unknown, products: Products): boolean {
  const { sku, quantity } = (line ?? {}) as { sku?: unknown; quantity?: unknown };
  return (
    isText(sku) &&
    products.has(sku) &&
    Number.isInteger(quantity) &&
    Number(quantity) > 0 &&
    Number(quantity) < 100
  );
}

/** Its lines at the shop's own prices. */
export function linesOf({ lines }: Basket, products: Products): BasketLine[] {
  return lines.map(({ sku, quantity }) => {
    const { price, category, brand } = products.get(sku)!;
    return {
      sku,
      quantity,
      price: Math.round(price * 100),
      category: category.map(([english]) => english),
      brand,
    };
  });
}

export function cartOf(lines: readonly BasketLine[]): Cart {
  const goods = lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  return {
    lines: lines.map(({ price, ...line }, i) => ({ ...line, id: `${i}`, unitPrice: price })),
    shipping: goods >= DELIVERY.freeFrom ? 0 : DELIVERY.fee,
    currency: 'EUR',
  };
}

/** Goods as they were paid, decimal euros. */
export function reported({ order, lines, sid, customer }: Basket, priced: PricedCart, ts: number): Order {
  const items = lines.map(({ sku, quantity }, i) => ({
    sku,
    quantity,
    price: priced.lines[i]!.net / quantity / 100,
  }));
  return {
    ...{ id: order, kind: 'purchase' as const, ts, items },
    ...(sid === undefined ? {} : { sid }),
    ...(customer === undefined ? {} : { customer }),
  };
}
