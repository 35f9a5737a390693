/** A live server with one coupon, paid out of a budget of 100; it stops when the tests of the file are over. */

import { afterAll, beforeAll } from 'vitest';
import { openCoupons } from '../../trainer-server/coupons/coupons.ts';
import { FIVE_OFF } from './coupon-shop.ts';
import { NOW, type Served, serveStore, signing } from './served.ts';

/** @returns the store and its coupons; `url` is known once the tests begin */
export function servedCoupons(promotion = FIVE_OFF) {
  const { store } = signing();
  const coupons = openCoupons(store);
  let served: Served;
  beforeAll(async () => {
    store.transaction(() => coupons.budgets.set('demo', 'summer', 'EUR', 10_000, NOW));
    coupons.offer('demo', promotion, { budget: 'summer' });
    served = await serveStore(store);
  });
  afterAll(() => served.stop());
  return {
    store,
    coupons,
    get url() {
      return served.url;
    },
  };
}
