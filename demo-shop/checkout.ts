/**
 * The shop's till, on its own server: `POST /api/orders`. Prices are the shop's own, whatever the page says; codes are
 * turned into a price by Promo Edge, once; what was sold is reported.
 */

import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type Client, type Order, type PricedCart, ServerError } from '../trainer-server/client/index.ts';
import { type CatalogueProduct, catalogue } from './catalogue/catalogue.ts';

/** What a page asks for. Of its prices nothing is believed, so it sends none. */
interface Basket {
  /** Made up by the page: asking again places no second order. */
  order: string;
  lines: { sku: string; quantity: number }[];
  codes: string[];
  /** Of the visit, as its grant names it. */
  sid?: string;
  customer?: string;
}

export interface Till {
  /** Absent where the shop stands on its own feet: codes are then worth nothing. */
  client: Pick<Client, 'redeem' | 'reportOrders'> | undefined;
  /** Epoch ms. */
  now(): number;
}

/** Cents. The shop's own rule, by the goods before codes. */
const DELIVERY = { fee: 490, freeFrom: 7_500 };

export function checkoutRoute({ client, now }: Till): Hono {
  const products = new Map(catalogue().map((product) => [product.sku, product]));
  return new Hono().post('/api/orders', bodyLimit({ maxSize: 64 * 1024 }), async (c) => {
    const basket = basketOf(await c.req.json().catch(() => undefined), products);
    if (basket === undefined)
      return c.json({ error: { code: 'bad-input', message: 'expected a basket' } }, 400);
    const { order, codes, customer } = basket;
    const cart = cartOf(basket, products);
    if (codes.length === 0 || client === undefined) {
      const goods = cart.lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0);
      if (client !== undefined) await report(client, reported(basket, products, now()));
      return c.json({ order, total: goods + cart.shipping, discounts: [] }, 201);
    }
    try {
      const asked = { order, codes, cart, ...(customer === undefined ? {} : { customer }) };
      const { priced, redemptions } = await client.redeem(asked);
      await report(client, reported(basket, products, now(), priced));
      const discounts = redemptions.map(({ code, amount }) => ({ code, amount }));
      return c.json({ order, total: priced.total, discounts }, 201);
    } catch (error) {
      // A code that is not good is the shopper's affair; no order was placed.
      if (error instanceof ServerError && error.status < 500)
        return c.json({ error: { code: error.code, message: error.message } }, 409);
      return c.json(
        { error: { code: 'unavailable', message: 'codes cannot be checked now: try again' } },
        503,
      );
    }
  });
}

type Products = ReadonlyMap<string, CatalogueProduct>;

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 100;

function basketOf(raw: unknown, products: Products): Basket | undefined {
  const { order, lines, codes = [], sid, customer } = (raw ?? {}) as Partial<Record<keyof Basket, unknown>>;
  if (!isText(order) || !Array.isArray(lines) || lines.length === 0 || lines.length > 100) return undefined;
  const isLine = (line: unknown): boolean => {
    const { sku, quantity } = (line ?? {}) as { sku?: unknown; quantity?: unknown };
    return (
      isText(sku) &&
      products.has(sku) &&
      Number.isInteger(quantity) &&
      Number(quantity) > 0 &&
      Number(quantity) < 100
    );
  };
  if (!lines.every(isLine) || !Array.isArray(codes) || codes.length > 10 || !codes.every(isText))
    return undefined;
  return {
    ...{ order, lines, codes },
    ...(isText(sid) ? { sid } : {}),
    ...(isText(customer) ? { customer } : {}),
  };
}

function cartOf({ lines }: Basket, products: Products) {
  const priced = lines.map(({ sku, quantity }, i) => {
    const { price, category, brand } = products.get(sku)!;
    const names = { category: category.map(([english]) => english), brand };
    return { id: `${i}`, sku, quantity, unitPrice: Math.round(price * 100), ...names };
  });
  const goods = priced.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0);
  return { lines: priced, shipping: goods >= DELIVERY.freeFrom ? 0 : DELIVERY.fee, currency: 'EUR' };
}

/** An order that is there already, under an earlier time, was reported by a try whose answer was lost. */
async function report(client: Pick<Client, 'reportOrders'>, order: Order): Promise<void> {
  await client.reportOrders([order]).catch((error) => {
    if (!(error instanceof ServerError) || error.code !== 'conflict') throw error;
  });
}

/** Goods as they were paid, decimal euros. */
function reported(
  { order, lines, sid, customer }: Basket,
  products: Products,
  ts: number,
  priced?: PricedCart,
) {
  const items = lines.map(({ sku, quantity }, i) => {
    const net = priced?.lines[i]?.net;
    return { sku, quantity, price: net === undefined ? products.get(sku)!.price : net / quantity / 100 };
  });
  return {
    ...{ id: order, kind: 'purchase' as const, ts, items },
    ...(sid === undefined ? {} : { sid }),
    ...(customer === undefined ? {} : { customer }),
  };
}
