/** The till against its slow reference, and how long 200 promotions on a cart of 30 lines take. */

import type { Promotion } from '../../shared/promotion.ts';
import type { Cart } from '../../shared/promotions/cart.ts';
import { priceCart } from '../../shared/promotions/price-cart.ts';
import { type Random, seeded } from '../../shared/random.ts';
import { timesInChromium } from '../helpers/chromium-rules.ts';
import { exactTill } from '../helpers/exact-till.ts';
import { randomCart, randomOrder, randomPromotion } from '../helpers/random-order.ts';
import { sameTotals } from '../helpers/same-totals.ts';
import type { Bench } from './bench.ts';

const CARTS = { full: 100_000, quick: 5000 };
const TIMED = 300;

export const bench: Bench = {
  summary: 'carts priced otherwise than by the exact reference; time of 200 promotions on a 30-line cart',
  async run({ quick, say }) {
    const carts = quick ? CARTS.quick : CARTS.full;
    const random = seeded('rules');
    let wrong = 0;
    let discounted = 0;
    for (let i = 0; i < carts; i++) {
      const { cart, promotions, uses } = randomOrder(random.fork(`${i}`));
      const priced = priceCart(cart, promotions, { now: 0, uses });
      if (priced.applied.some(({ amount }) => amount > 0)) discounted++;
      const difference = sameTotals(priced, exactTill(cart, promotions, uses));
      if (difference === undefined) continue;
      wrong++;
      say(`cart ${i}: ${difference}`);
    }
    const orders = largeOrders(random.fork('timed'));
    const times = timed(orders);
    const browser = await timesInChromium(orders.slice(0, quick ? 30 : 150));
    return {
      carts,
      carts_with_discount: discounted,
      wrong_totals: wrong,
      p50_ms: times[Math.floor(TIMED * 0.5)]!,
      p95_ms: times[Math.floor(TIMED * 0.95)]!,
      chromium_p50_ms: browser[Math.floor(browser.length * 0.5)]!,
      chromium_p95_ms: browser[Math.floor(browser.length * 0.95)]!,
    };
  },
};

/**
 * Ascending milliseconds of one priceCart each, every one of another cart with other promotions. The fastest of
 * fifteen, since on a shared machine the slower ones measure the neighbours.
 */
function timed(orders: readonly LargeOrder[]): number[] {
  for (const { cart, promotions } of orders.slice(0, 50)) priceCart(cart, promotions, { now: 0 });
  return orders
    .map(({ cart, promotions }) => {
      const runs = Array.from({ length: 15 }, () => {
        const began = performance.now();
        priceCart(cart, promotions, { now: 0 });
        return performance.now() - began;
      });
      return Math.min(...runs);
    })
    .sort((a, b) => a - b);
}

interface LargeOrder {
  cart: Cart;
  promotions: Promotion[];
}

function largeOrders(random: Random): LargeOrder[] {
  return Array.from({ length: TIMED }, () => ({
    cart: randomCart(random, 30),
    promotions: Array.from({ length: 200 }, (_, i) => randomPromotion(`p${i}`, random)),
  }));
}
