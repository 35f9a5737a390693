/** What every test of coupons expects, whatever it does. */

import { expect } from 'vitest';
import { type Promotion, readPromotion } from '../../shared/promotion.ts';
import type { CouponShop } from './coupon-shop.ts';

/** A coupon of 5 off but for what `raw` says otherwise. */
export const coupon = (raw: object): Promotion => readPromotion({ type: 'coupon', amount: 5, ...raw }, 'EUR');

export const refused = (code: string): unknown => expect.objectContaining({ name: 'Refusal', code });

/** The end of a test: the books balance. */
export function closeBalanced({ coupons, store }: CouponShop): void {
  expect(coupons.ledger.imbalances()).toEqual([]);
  store.close();
}
