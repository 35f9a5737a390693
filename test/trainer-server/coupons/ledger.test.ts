import { afterEach, describe, expect, it } from 'vitest';
import { readPromotion } from '../../../shared/promotion.ts';
import { couponPromotionsOf } from '../../../trainer-server/coupons/promotions.ts';
import { closeBalanced, coupon, refused } from '../../helpers/coupon-expectations.ts';
import {
  balances,
  basket,
  type CouponShop,
  couponShop,
  FIVE_OFF,
  SITE,
  START,
} from '../../helpers/coupon-shop.ts';

let shop: CouponShop;
afterEach(() => closeBalanced(shop));

describe('a budget', () => {
  it('cannot be cut below what is promised or spent, nor change its currency', async () => {
    shop = await couponShop([FIVE_OFF], 1_000);
    await shop.redeem(await shop.code());
    await shop.code();
    const set = (total: number, currency = 'EUR') =>
      shop.store.transaction(() => shop.coupons.budgets.set(SITE, 'summer', currency, total, START));
    expect(() => set(999)).toThrow(/only 0 are neither promised nor spent/);
    expect(() => set(2_000, 'USD')).toThrow(/is in EUR/);
    set(2_000);
    expect(shop.coupons.budgets.report(SITE)).toMatchObject([
      { total: 2_000, free: 1_000, reserved: 500, spent: 500, worstCase: 1_000, openClaims: 1 },
    ]);
  });

  it('keeps apart what is in yen, in dinars and in euros', async () => {
    shop = await couponShop();
    const currencies = { JPY: 500, KWD: 1.234 };
    for (const [currency, amount] of Object.entries(currencies)) {
      shop.store.transaction(() => shop.coupons.budgets.set(SITE, currency, currency, 100_000, START));
      const raw = { id: `off-${currency}`, type: 'coupon', amount, currency };
      shop.coupons.offer(SITE, readPromotion(raw, 'EUR'), { budget: currency });
      await shop.redeem(await shop.code(raw.id), { cart: basket(4_000, currency) });
    }
    expect(shop.coupons.ledger.budget(SITE, 'JPY')!.spent).toBe(500);
    expect(shop.coupons.ledger.budget(SITE, 'KWD')!.spent).toBe(1_234);
    expect(balances(shop)).toEqual([10_000, 0, 0]);
  });

  it('is offered no promotion without an end to its cost, nor one in another currency', async () => {
    shop = await couponShop();
    const endless = coupon({ id: 'endless', type: 'percentage', percent: 10, amount: undefined });
    expect(() => shop.coupons.offer(SITE, endless, { budget: 'summer' })).toThrow(/maximum_discount/);
    const foreign = coupon({ id: 'foreign', currency: 'USD' });
    expect(() => shop.coupons.offer(SITE, foreign, { budget: 'summer' })).toThrow(refused('other-currency'));
    expect(() => shop.coupons.offer(SITE, FIVE_OFF, { budget: 'none' })).toThrow(refused('unknown-budget'));
    expect(
      couponPromotionsOf(shop.store.db)
        .allLive(SITE)
        .map(({ id }) => id),
    ).toEqual(['five-off']);
  });
});

describe('the ledger', () => {
  it('is append only, and no statement can spend what is not there', async () => {
    shop = await couponShop([FIVE_OFF], 1_000);
    await shop.redeem(await shop.code());
    const { db } = shop.store;
    expect(() => db.exec('update coupon_entry set amount = 1')).toThrow(/append only/);
    expect(() => db.exec('delete from coupon_entry')).toThrow(/append only/);
    const overspend = {
      site: SITE,
      budget: 'summer',
      at: START,
      debit: 'free',
      credit: 'spent',
      amount: 501,
    } as const;
    expect(() => shop.coupons.ledger.move(overspend)).toThrow(/CHECK constraint failed: free >= 0/);
    expect(balances(shop)).toEqual([500, 0, 500]);
  });

  it('notices a balance that its rows do not add up to', async () => {
    shop = await couponShop();
    shop.store.db.exec('update coupon_budget set spent = spent + 7');
    expect(shop.coupons.ledger.imbalances()).toEqual([
      { site: SITE, budget: 'summer', account: 'shop', balance: -10_007, rows: -10_000 },
      { site: SITE, budget: 'summer', account: 'spent', balance: 7, rows: 0 },
    ]);
    shop.store.db.exec('update coupon_budget set spent = spent - 7');
  });
});
