import { afterEach, describe, expect, it } from 'vitest';
import { closeBalanced, coupon, refused } from '../../../helpers/coupon-expectations.ts';
import { balances, type CouponShop, couponShop, SITE, START } from '../../../helpers/coupon-shop.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ENDS = START + 10 * DAY;

let shop: CouponShop;
afterEach(() => closeBalanced(shop));

/** Codes that another system honours: twelve of 5 off, out of a budget that holds two. */
async function hosted(schedule: object = { ends: ENDS }, codes?: readonly string[]): Promise<string[]> {
  shop = await couponShop([coupon({ id: 'five', schedule })], 1_200);
  const { store, coupons } = shop;
  const pool = codes ?? coupons.codes.make(12);
  store.transaction(() => coupons.codes.addToPool(SITE, 'five', pool));
  return coupons.codes.pool(SITE, 'five');
}

describe('codes for a checkout that knows nothing of claims', () => {
  it('are given from the pool, each once, and none where it is used up', async () => {
    const pool = await hosted(undefined, ['ONE-1', 'TWO-2']);
    const given = [await shop.code(), await shop.code()];
    expect(given.sort()).toEqual(pool);
    shop.store.transaction(() => shop.coupons.budgets.set(SITE, 'summer', 'EUR', 9_000, START));
    await expect(shop.code()).rejects.toEqual(refused('no-codes-left'));
  });

  it('promise no budget twice: what is given out stays reserved as long as the checkout would take it', async () => {
    await hosted();
    const given = [await shop.code(), await shop.code()];
    for (const later of [2 * HOUR, 9 * DAY]) {
      shop.clock.now = START + later;
      await shop.coupons.expire(shop.clock.now);
      await expect(shop.code()).rejects.toEqual(refused('budget-exhausted'));
    }
    for (const code of given) await shop.redeem(code);
    expect(balances(shop)).toEqual([200, 0, 1_000]);
  });

  it('are redeemed when the webhook of an order comes after the end, and are given back later', async () => {
    await hosted();
    const [late, never] = [await shop.code(), await shop.code()];
    shop.clock.now = ENDS + 2 * DAY;
    await shop.coupons.expire(shop.clock.now);
    await shop.redeem(late);
    expect(balances(shop)).toEqual([200, 500, 500]);
    shop.clock.now = ENDS + 3 * DAY;
    await shop.coupons.expire(shop.clock.now);
    expect(balances(shop)).toEqual([700, 0, 500]);
    await expect(shop.redeem(never)).rejects.toEqual(refused('claim-expired'));
  });

  it('tell the shopper the end of the promotion, the second time as the first', async () => {
    await hosted();
    const asked = { grant: await shop.visit(), promotion: 'five' };
    const first = await shop.coupons.claim(SITE, asked, START);
    expect(first.expires).toBe(ENDS);
    expect(await shop.coupons.claim(SITE, asked, START)).toEqual({ ...first, repeated: true });
  });

  it('of a promotion without an end are reserved until they are redeemed', async () => {
    await hosted({});
    const code = await shop.code();
    shop.clock.now = START + 5_000 * DAY;
    await shop.coupons.expire(shop.clock.now);
    expect(balances(shop)).toEqual([700, 500, 0]);
    await shop.redeem(code);
    expect(balances(shop)).toEqual([700, 0, 500]);
  });

  it('are known as the other system writes them back, in small letters', async () => {
    await hosted(undefined, ['Sommer-AB', 'Sommer-CD']);
    for (const code of [await shop.code(), await shop.code()]) await shop.redeem(` ${code.toLowerCase()}`);
    expect(balances(shop)).toEqual([200, 0, 1_000]);
    await expect(shop.redeem('sommer-ef')).rejects.toEqual(refused('unknown-code'));
  });
});
