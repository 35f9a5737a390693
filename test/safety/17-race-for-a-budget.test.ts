import { expect, it } from 'vitest';
import { PRIZES, raceForBudgets } from '../helpers/coupon-race.ts';
import { couponShop, SITE } from '../helpers/coupon-shop.ts';

const PROCESSES = 16;

it('16 processes whose clocks differ attack budgets of three currencies: each is spent to the last whole coupon, and the rows add up to what was taken', async () => {
  const { store, coupons, clock } = await couponShop([]);
  for (const { budget, currency, promotion, total } of PRIZES) {
    store.transaction(() => coupons.budgets.set(SITE, budget, currency, total, clock.now));
    coupons.offer(SITE, promotion, { budget });
  }
  const taken = await raceForBudgets(store.dir, PROCESSES);
  const sumOf = (sql: string, budget: string): unknown => store.db.prepare(sql).pluck().get(budget);
  for (const { budget, face, total } of PRIZES) {
    const acknowledged = taken.reduce((sum, { amounts }) => sum + (amounts[budget] ?? 0), 0);
    const { free, reserved, spent } = coupons.ledger.budget(SITE, budget)!;
    expect([budget, spent]).toEqual([budget, acknowledged]);
    expect([budget, spent]).toEqual([budget, Math.floor(total / face) * face]);
    expect([free, reserved]).toEqual([total % face, 0]);
    const redeemed = `select sum(r.amount) from coupon_redemption r join coupon_promotion p on p.id = r.promotion
      where p.budget = ?`;
    expect(sumOf(redeemed, budget)).toBe(spent);
    const entered = `select sum(amount) from coupon_entry where credit = 'spent' and budget = ?`;
    expect(sumOf(entered, budget)).toBe(spent);
  }
  expect(coupons.ledger.imbalances()).toEqual([]);
  // A race that one process won alone would prove nothing.
  expect(taken.filter(({ redemptions }) => redemptions > 0).length).toBeGreaterThan(PROCESSES / 2);
});
