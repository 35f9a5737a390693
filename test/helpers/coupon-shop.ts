/** A shop with a budget and a coupon, in a database of its own, on a clock that the test turns. */

import { type Promotion, readPromotion } from '../../shared/promotion.ts';
import type { Cart } from '../../shared/promotions/cart.ts';
import { type Coupons, openCoupons } from '../../trainer-server/coupons/coupons.ts';
import type { CouponOptions } from '../../trainer-server/coupons/options.ts';
import { openStore, type Store } from '../../trainer-server/store/store.ts';
import { temporaryFolder } from './import-here.ts';

export const SITE = 'demo';
export const START = Date.UTC(2026, 5, 1);

export interface CouponShop {
  store: Store;
  coupons: Coupons;
  clock: { now: number };
  /** Token of a new visit. */
  visit(): Promise<string>;
  /** Code of a new visit's claim. */
  code(promotion?: string): Promise<string>;
  redeem(
    code: string,
    more?: { order?: string; key?: string; customer?: string; cart?: Cart },
  ): ReturnType<Coupons['redeem']>;
}

/** 5 off from 20, paid out of a budget of 100. */
export const FIVE_OFF = readPromotion(
  { id: 'five-off', type: 'coupon', amount: 5, minimum: 20, exclusive_group: 'basket' },
  'EUR',
);

/** @param total of the budget, minor units */
export async function couponShop(
  promotions: readonly Promotion[] = [FIVE_OFF],
  total = 10_000,
  options: Partial<CouponOptions> = {},
  dir = temporaryFolder(),
): Promise<CouponShop> {
  const store = openStore(dir);
  const coupons = openCoupons(store, { newSidsPerAddress: 1e9, newSidsPerSite: 1e9, ...options });
  const clock = { now: START };
  store.transaction(() => coupons.budgets.set(SITE, 'summer', 'EUR', total, clock.now));
  for (const promotion of promotions) coupons.offer(SITE, promotion, { budget: 'summer' });
  const visit = async (): Promise<string> => (await coupons.grant(SITE, {}, undefined, clock.now)).token;
  let orders = 0;
  return {
    store,
    coupons,
    clock,
    visit,
    code: async (promotion = promotions[0]!.id) =>
      (await coupons.claim(SITE, { grant: await visit(), promotion }, clock.now)).code,
    redeem: (code, { order = `order-${++orders}`, key = order, customer, cart = basket(4_000) } = {}) =>
      coupons.redeem(
        SITE,
        key,
        { order, codes: [code], cart, ...(customer === undefined ? {} : { customer }) },
        clock.now,
      ),
  };
}

/** Two pieces of one product. @param goods minor units, an even number */
export function basket(goods: number, currency = 'EUR'): Cart {
  return { lines: [{ id: '1', sku: 'A', quantity: 2, unitPrice: goods / 2 }], shipping: 490, currency };
}

/** free, reserved and spent of the budget `summer`. */
export function balances({ coupons }: CouponShop): [free: number, reserved: number, spent: number] {
  const { free, reserved, spent } = coupons.ledger.budget(SITE, 'summer')!;
  return [free, reserved, spent];
}
