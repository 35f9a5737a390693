/**
 * The shop's till, on its own server: `POST /api/orders` and `/api/returns`. Prices are the shop's own, whatever the page
 * says; codes are turned into a price by Promo Edge, once, and given back at a return; what was sold and what came back
 * is reported.
 */

import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type Client, type Order, type Redeemed, ServerError } from '../trainer-server/client/index.ts';
import { readPromotions } from '../trainer-server/client/till.ts';
import { type Basket, basketOf, cartOf, isText, linesOf, type Products, reported } from './basket.ts';
import { priceBasket } from './cart/price.ts';
import { catalogue } from './catalogue/catalogue.ts';
import { promotions } from './catalogue/promotions.ts';
import { type OrderBook, openOrderBook } from './order-book.ts';

export interface Till {
  /** Absent where the shop stands on its own feet: codes are then worth nothing. */
  client: Pick<Client, 'redeem' | 'reverse' | 'reportOrders'> | undefined;
  /** Epoch ms. */
  now(): number;
  /** What was sold, for its return; forgotten with the server where absent. */
  book?: OrderBook;
}

export function checkoutRoute(till: Till): Hono {
  const { client, now, book = openOrderBook() } = till;
  const products: Products = new Map(catalogue().map((product) => [product.sku, product]));
  const limit = bodyLimit({ maxSize: 64 * 1024 });
  return new Hono()
    .post('/api/orders', limit, async (c) => {
      const basket = basketOf(await c.req.json().catch(() => undefined), products);
      if (basket === undefined) return refusal(c, 400, 'bad-input', 'expected a basket');
      try {
        const { redemptions, priced } = await settled(basket, products, till);
        const entry = reported(basket, priced, now());
        if (client !== undefined) await report(client, entry);
        book.add(basket.order, { report: entry, redemptions: redemptions.map(({ id }) => id) });
        const discounts = redemptions.map(({ code, amount }) => ({ code, amount }));
        return c.json({ order: basket.order, total: priced.total, discounts }, 201);
      } catch (error) {
        return unsettled(c, error);
      }
    })
    .post('/api/returns', limit, async (c) => {
      const { order } = ((await c.req.json().catch(() => undefined)) ?? {}) as { order?: unknown };
      const found = isText(order) ? book.find(order) : undefined;
      if (found === undefined) return refusal(c, 404, 'unknown-order', 'expected an order of this shop');
      try {
        const id = `${found.report.id}-return`;
        for (const redemption of found.redemptions) await client?.reverse({ redemption, id });
        if (client !== undefined) await report(client, { ...found.report, id, kind: 'refund', ts: now() });
        return c.json({ order }, 201);
      } catch (error) {
        return unsettled(c, error);
      }
    });
}

/** @throws ServerError for a code that is not good; what fetch throws where the trainer does not answer */
async function settled(
  basket: Basket,
  products: Products,
  { client, now }: Till,
): Promise<Pick<Redeemed, 'redemptions' | 'priced'>> {
  const { order, codes, offers, customer } = basket;
  const lines = linesOf(basket, products);
  const asked = { order, codes, cart: cartOf(lines), ...(customer === undefined ? {} : { customer }) };
  const redeemed = codes.length === 0 ? undefined : await client?.redeem(asked);
  if (redeemed !== undefined && offers.length === 0) return redeemed;
  const redemptions = redeemed?.redemptions ?? [];
  const taken = new Set(offers);
  const terms = readPromotions(promotions(now()), 'EUR').filter(({ id, terms: { type } }) =>
    // A coupon is taken off by its code alone.
    type === 'coupon' ? redemptions.some(({ promotion }) => promotion === id) : taken.has(id),
  );
  return { redemptions, priced: priceBasket(lines, terms, now()) };
}

/** An order that is there already, under an earlier time, was reported by a try whose answer was lost. */
async function report(client: Pick<Client, 'reportOrders'>, order: Order): Promise<void> {
  await client.reportOrders([order]).catch((error) => {
    if (!(error instanceof ServerError) || error.code !== 'conflict') throw error;
  });
}

/** A code that is not good is the shopper's affair; no order was placed. */
function unsettled(c: Context, error: unknown): Response {
  if (error instanceof ServerError && error.status < 500) return refusal(c, 409, error.code, error.message);
  return refusal(c, 503, 'unavailable', 'codes cannot be checked now: try again');
}

const refusal = (c: Context, status: 400 | 404 | 409 | 503, code: string, message: string): Response =>
  c.json({ error: { code, message } }, status);
