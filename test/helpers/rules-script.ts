/** The rules of promotions as one script, to be asked the same in Node and in a browser. */

import type { Promotion } from '../../shared/promotion.ts';
import type { Cart } from '../../shared/promotions/cart.ts';
import { eligible } from '../../shared/promotions/eligibility.ts';
import type { Facts } from '../../shared/promotions/facts.ts';
import { priceCart } from '../../shared/promotions/price-cart.ts';
import { readEligibility } from '../../shared/promotions/read-eligibility.ts';
import { isOpen, type Window } from '../../shared/promotions/schedule.ts';

export { priceCart };

/** Plain data: it travels to a page. */
export interface Questions {
  eligibility: { expressions: object[]; facts: Facts; cart: Pick<Cart, 'lines'> };
  orders: { cart: Cart; promotions: Promotion[] }[];
  hours: { window: Window; zone: string; now: number }[];
}

export function answersOf({ eligibility, orders, hours }: Questions) {
  const { expressions, facts, cart } = eligibility;
  return {
    eligibility: expressions.map((one) =>
      eligible(readEligibility({ version: 1, ...one }, 'EUR'), facts, cart),
    ),
    orders: orders.map((order) => priceCart(order.cart, order.promotions, { now: 0 })),
    hours: hours.map(({ window, zone, now }) => isOpen(window, now, zone)),
  };
}
