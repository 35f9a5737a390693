import { expect, it } from 'vitest';
import { raceForBudget } from '../helpers/coupon-race.ts';
import { balances, couponShop, FIVE_OFF } from '../helpers/coupon-shop.ts';

const PROCESSES = 16;
/** Does not divide by the face value: the last cents must stay. */
const BUDGET = 200_123;

it('16 processes attack one budget: it is spent to the last whole coupon, and the rows add up to what was taken', async () => {
  const shop = await couponShop([FIVE_OFF], BUDGET);
  const taken = await raceForBudget(shop.store.dir, PROCESSES);
  const acknowledged = taken.reduce((sum, { amount }) => sum + amount, 0);
  const [free, reserved, spent] = balances(shop);
  expect(spent).toBe(acknowledged);
  expect(spent).toBe(Math.floor(BUDGET / 500) * 500);
  expect([free, reserved]).toEqual([123, 0]);
  const { db } = shop.store;
  expect(db.prepare('select sum(amount) from coupon_redemption').pluck().get()).toBe(spent);
  expect(db.prepare(`select sum(amount) from coupon_entry where credit = 'spent'`).pluck().get()).toBe(spent);
  expect(shop.coupons.ledger.imbalances()).toEqual([]);
  // A race that one process won alone would prove nothing.
  expect(taken.filter(({ redemptions }) => redemptions > 0).length).toBeGreaterThan(PROCESSES / 2);
});
