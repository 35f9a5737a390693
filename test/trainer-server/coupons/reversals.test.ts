import { afterEach, describe, expect, it } from 'vitest';
import { closeBalanced, coupon, refused } from '../../helpers/coupon-expectations.ts';
import { balances, type CouponShop, couponShop, SITE, START } from '../../helpers/coupon-shop.ts';

const HOUR = 3_600_000;
let shop: CouponShop;
afterEach(() => closeBalanced(shop));

const _HALF = coupon({
  ...{ id: 'half', type: 'percentage', percent: 50, amount: undefined, maximum_discount: 15 },
});

describe('a reversal', () => {
  it('gives back piece by piece just what the redemption cost', async () => {
    const third = coupon({ id: 'third', amount: 10 });
    shop = await couponShop([third]);
    const cart = {
      lines: [{ id: 'x', sku: 'A', quantity: 3, unitPrice: 1_000 }],
      shipping: 0,
      currency: 'EUR',
    };
    const { answer } = await shop.redeem(await shop.code(), { cart });
    const id = answer.redemptions[0]!.id;
    const back = async (key: string) =>
      (await shop.coupons.reverse(SITE, id, key, { returned: [{ id: 'x', quantity: 1 }] }, START + HOUR))
        .answer.amount;
    // 1,000 over three pieces: a cent is left for the last one.
    expect([await back('r1'), await back('r2'), await back('r3')]).toEqual([333, 333, 334]);
    expect(balances(shop)).toEqual([10_000, 0, 0]);
    await expect(back('r4')).rejects.toEqual(refused('nothing-left'));
  });

  it('happens once for a key, and never takes back more than was bought', async () => {
    shop = await couponShop();
    const { answer } = await shop.redeem(await shop.code());
    const id = answer.redemptions[0]!.id;
    const one = { returned: [{ id: '1', quantity: 1 }] };
    const first = await shop.coupons.reverse(SITE, id, 'r1', one, START);
    const again = await shop.coupons.reverse(SITE, id, 'r1', one, START);
    expect(again).toEqual({ answer: first.answer, replayed: true });
    expect(balances(shop)).toEqual([9_750, 0, 250]);
    const two = { returned: [{ id: '1', quantity: 2 }] };
    await expect(shop.coupons.reverse(SITE, id, 'r2', two, START)).rejects.toThrow(
      /returned.quantity: expected at most 2/,
    );
    const stranger = { returned: [{ id: 'z', quantity: 1 }] };
    await expect(shop.coupons.reverse(SITE, id, 'r3', stranger, START)).rejects.toThrow(/returned/);
  });

  it('of the whole order gives the customer their use back, and once its claim is over the code stays used', async () => {
    shop = await couponShop([coupon({ id: 'once', caps: { per_shopper: 1, total: 2 } })]);
    const code = await shop.code();
    const { answer } = await shop.redeem(code, { customer: 'ann' });
    shop.clock.now += HOUR;
    await shop.coupons.reverse(SITE, answer.redemptions[0]!.id, 'r', {}, shop.clock.now);
    await expect(shop.redeem(code, { customer: 'ann' })).rejects.toEqual(refused('already-redeemed'));
    await shop.redeem(await shop.code(), { customer: 'ann' });
    await shop.code();
    await expect(shop.code()).rejects.toEqual(refused('cap-reached'));
  });

  it('of an order whose payment failed leaves the code for the next try, under the same order number', async () => {
    shop = await couponShop([coupon({ id: 'once', caps: { per_shopper: 1, total: 1 } })], 500);
    const code = await shop.code();
    const tried = { order: 'A', customer: 'ann' };
    for (const key of ['card', 'other card']) {
      const { answer } = await shop.redeem(code, { ...tried, key });
      expect(balances(shop)).toEqual([0, 0, 500]);
      await shop.coupons.reverse(SITE, answer.redemptions[0]!.id, `no ${key}`, {}, START);
      // Reserved as after the claim: it is nobody else's meanwhile.
      expect(balances(shop)).toEqual([0, 500, 0]);
      await expect(shop.code()).rejects.toEqual(refused('cap-reached'));
    }
    await shop.redeem(code, { ...tried, key: 'cash' });
    await expect(shop.redeem(code, { order: 'B', customer: 'ann' })).rejects.toEqual(
      refused('already-redeemed'),
    );
  });

  it('of a part leaves the code used', async () => {
    shop = await couponShop();
    const code = await shop.code();
    const { answer } = await shop.redeem(code);
    const half = { returned: [{ id: '1', quantity: 1 }] };
    await shop.coupons.reverse(SITE, answer.redemptions[0]!.id, 'r', half, START);
    await expect(shop.redeem(code)).rejects.toEqual(refused('already-redeemed'));
  });

  it('of a gift waits for the whole order', async () => {
    shop = await couponShop([coupon({ id: 'gift', type: 'gift', sku: 'S', cost_per_use: 2.3 })]);
    const { answer } = await shop.redeem(await shop.code());
    const id = answer.redemptions[0]!.id;
    expect(answer.redemptions[0]!.amount).toBe(230);
    const half = { returned: [{ id: '1', quantity: 1 }] };
    expect((await shop.coupons.reverse(SITE, id, 'a', half, START)).answer.amount).toBe(0);
    expect((await shop.coupons.reverse(SITE, id, 'b', {}, START)).answer.amount).toBe(230);
  });
});
