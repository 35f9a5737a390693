/** What a basket costs here: the shop's own terms of delivery and tax, and the same till that redeems coupons. */

import { type Cart, type PricedCart, type Promotion, priceCart } from '../../trainer-server/client/till.ts';

export interface BasketLine {
  sku: string;
  quantity: number;
  /** Of one unit, minor units. */
  price: number;
  /** From the root down, English names. */
  category: readonly string[];
  brand: string;
}

export interface Delivery {
  fee: number;
  /** Free from this value of goods before offers. */
  freeFrom: number;
}

/** Minor units. */
export const DELIVERY: Delivery = { fee: 490, freeFrom: 7500 };

/** Percent. Prices include it. */
const VAT = 23;

/** @param now epoch milliseconds, for offers that end */
export function priceBasket(
  basket: readonly BasketLine[],
  offers: readonly Promotion[],
  now: number,
  delivery: Delivery = DELIVERY,
): PricedCart {
  const goods = basket.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  const cart: Cart = {
    lines: basket.map(({ price, ...line }) => ({ ...line, id: line.sku, unitPrice: price })),
    shipping: basket.length === 0 || goods >= delivery.freeFrom ? 0 : delivery.fee,
    currency: 'EUR',
    tax: 'included',
    taxRates: { standard: VAT },
  };
  return priceCart(cart, offers, { now, timeZone: 'Europe/Dublin' });
}
