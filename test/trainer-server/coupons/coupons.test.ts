import { afterEach, describe, expect, it } from 'vitest';
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

const HOUR = 3_600_000;
let shop: CouponShop;
afterEach(() => closeBalanced(shop));

const HALF = coupon({
  ...{ id: 'half', type: 'percentage', percent: 50, amount: undefined, maximum_discount: 15 },
});

describe('a claim', () => {
  it('reserves the most that it can cost, and gives a code that is redeemed for what it does cost', async () => {
    shop = await couponShop([HALF]);
    const code = await shop.code();
    expect(balances(shop)).toEqual([8_500, 1_500, 0]);
    const { answer } = await shop.redeem(code, { cart: basket(2_000) });
    expect(answer.redemptions).toMatchObject([{ promotion: 'half', amount: 1_000 }]);
    expect(answer.priced.total).toBe(2_000 - 1_000 + 490);
    expect(balances(shop)).toEqual([9_000, 0, 1_000]);
  });

  it('takes no more than its stated maximum', async () => {
    shop = await couponShop([HALF]);
    const { answer } = await shop.redeem(await shop.code(), { cart: basket(100_000) });
    expect(answer.redemptions[0]!.amount).toBe(1_500);
  });

  it('is the same again for the same visit, and takes nothing more', async () => {
    shop = await couponShop();
    const grant = await shop.visit();
    const asked = { grant, promotion: 'five-off' };
    const first = await shop.coupons.claim(SITE, asked, START);
    const second = await shop.coupons.claim(SITE, asked, START + 60_000);
    expect(second).toEqual({ ...first, repeated: true });
    expect(balances(shop)).toEqual([9_500, 500, 0]);
  });

  it('shuts out every other promotion of its group for the visit', async () => {
    shop = await couponShop([FIVE_OFF, coupon({ id: 'other', exclusive_group: 'basket' })]);
    const grant = await shop.visit();
    await shop.coupons.claim(SITE, { grant, promotion: 'five-off' }, START);
    const other = shop.coupons.claim(SITE, { grant, promotion: 'other' }, START);
    await expect(other).rejects.toEqual(refused('group-taken'));
  });

  it('is refused where the budget cannot bear its worst case, and possible again when a claim expires', async () => {
    shop = await couponShop([FIVE_OFF], 1_200);
    await shop.code();
    await shop.code();
    await expect(shop.code()).rejects.toEqual(refused('budget-exhausted'));
    shop.clock.now += HOUR;
    await shop.code();
    expect(balances(shop)).toEqual([700, 500, 0]);
  });

  it('counts against all uses while it is open', async () => {
    shop = await couponShop([coupon({ id: 'few', caps: { total: 1 } })]);
    await shop.code();
    await expect(shop.code()).rejects.toEqual(refused('cap-reached'));
    shop.clock.now += HOUR;
    await shop.code();
    expect(balances(shop)).toEqual([9_500, 500, 0]);
  });

  it('counts against all uses across the versions of a promotion', async () => {
    const few = (total: number) => coupon({ id: 'few', caps: { total } });
    shop = await couponShop([few(3)]);
    const edit = (total: number) => shop.coupons.offer(SITE, few(total), { budget: 'summer' });
    await shop.redeem(await shop.code());
    await shop.code();
    edit(3);
    await shop.code();
    await expect(shop.code()).rejects.toEqual(refused('cap-reached'));
    // Three are out, two too many: the two that expire give nothing back, and a cap of four has three left then.
    edit(1);
    shop.clock.now += HOUR;
    await shop.coupons.expire(shop.clock.now);
    await expect(shop.code()).rejects.toEqual(refused('cap-reached'));
    edit(4);
    for (let i = 0; i < 3; i++) await shop.code();
    await expect(shop.code()).rejects.toEqual(refused('cap-reached'));
  });

  it('is one for each visit and promotion, although its group has changed since', async () => {
    shop = await couponShop();
    const grant = await shop.visit();
    const asked = { grant, promotion: 'five-off' };
    const { code } = await shop.coupons.claim(SITE, asked, START);
    shop.coupons.offer(SITE, coupon({ id: 'five-off', exclusive_group: 'other' }), { budget: 'summer' });
    expect(await shop.coupons.claim(SITE, asked, START)).toMatchObject({ code, repeated: true });
    expect(balances(shop)).toEqual([9_500, 500, 0]);
  });

  it('ends with its promotion', async () => {
    const ends = START + HOUR / 4;
    shop = await couponShop([coupon({ id: 'short', schedule: { ends } })]);
    const grant = await shop.visit();
    expect((await shop.coupons.claim(SITE, { grant, promotion: 'short' }, START)).expires).toBe(ends);
    const late = shop.coupons.claim(SITE, { grant: await shop.visit(), promotion: 'short' }, ends);
    await expect(late).rejects.toEqual(refused('not-running'));
  });

  it('keeps its terms when the promotion is edited', async () => {
    shop = await couponShop();
    const code = await shop.code();
    shop.coupons.offer(SITE, coupon({ id: 'five-off', amount: 1 }), { budget: 'summer' });
    const later = await shop.code();
    expect((await shop.redeem(code)).answer.redemptions[0]!.amount).toBe(500);
    expect((await shop.redeem(later)).answer.redemptions[0]!.amount).toBe(100);
  });
});

describe('a redemption', () => {
  it('happens once for a code, and once for an order and group', async () => {
    shop = await couponShop();
    const [one, two] = [await shop.code(), await shop.code()];
    await shop.redeem(one, { order: 'A' });
    await expect(shop.redeem(one, { order: 'B' })).rejects.toEqual(refused('already-redeemed'));
    await expect(shop.redeem(two, { order: 'A', key: 'A2' })).rejects.toEqual(refused('order-has-one'));
    expect(balances(shop)).toEqual([9_000, 500, 500]);
  });

  it('takes several codes of an order or none of them', async () => {
    shop = await couponShop([FIVE_OFF, coupon({ id: 'extra', amount: 2 })]);
    const codes = [await shop.code(), await shop.code('extra')];
    const cart = basket(4_000);
    const asked = { order: 'A', codes: [...codes, 'nonsense'], cart };
    await expect(shop.coupons.redeem(SITE, 'k1', asked, START)).rejects.toEqual(refused('unknown-code'));
    expect(balances(shop)).toEqual([9_300, 700, 0]);
    const { answer } = await shop.coupons.redeem(SITE, 'k2', { order: 'A', codes, cart }, START);
    expect(answer.redemptions.map(({ amount }) => amount)).toEqual([500, 200]);
    expect(answer.priced.total).toBe(4_000 - 700 + 490);
  });

  it('prices an order once: codes that do not go together are not let in one by one', async () => {
    const alone = { stackable: false };
    shop = await couponShop([coupon({ id: 'alone', ...alone }), coupon({ id: 'extra', amount: 15 })]);
    const codes = [await shop.code('alone'), await shop.code('extra')];
    const cart = basket(2_000);
    const both = shop.coupons.redeem(SITE, 'both', { order: 'A', codes, cart }, START);
    await expect(both).rejects.toThrow(/alone: not-stackable/);
    await shop.redeem(codes[0]!, { order: 'A', key: 'first', cart });
    const second = shop.redeem(codes[1]!, { order: 'A', key: 'second', cart });
    // Together they would have made an order of 20.00 free, which no promotion says.
    await expect(second).rejects.toEqual(refused('order-has-one'));
    expect(balances(shop)).toEqual([8_000, 1_500, 500]);
  });

  it('honours a code until its claim expires, although the happy hour of its promotion is over', async () => {
    const windows = [{ from: '00:00', to: '00:30' }];
    shop = await couponShop([coupon({ id: 'happy', schedule: { windows } })]);
    const code = await shop.code();
    shop.clock.now += 45 * 60_000;
    await expect(shop.code()).rejects.toEqual(refused('not-in-menu'));
    const { answer } = await shop.redeem(code);
    expect(answer.redemptions[0]!.amount).toBe(500);
  });

  it('reads a code as somebody typed it', async () => {
    shop = await couponShop();
    const code = await shop.code();
    await shop.redeem(` ${code.toLowerCase().replaceAll('-', ' ')} `);
    expect(balances(shop)).toEqual([9_500, 0, 500]);
  });

  it('is refused where the cart does not fulfil the terms, and then possible with one that does', async () => {
    shop = await couponShop();
    const code = await shop.code();
    const tooSmall = shop.redeem(code, { order: 'A', cart: basket(1_000) });
    await expect(tooSmall).rejects.toThrow(/five-off: minimum .*2000/);
    expect(balances(shop)).toEqual([9_500, 500, 0]);
    await shop.redeem(code, { order: 'A' });
  });

  it('is refused in another currency', async () => {
    shop = await couponShop();
    const code = await shop.code();
    await expect(shop.redeem(code, { cart: basket(4_000, 'USD') })).rejects.toEqual(
      refused('other-currency'),
    );
  });

  it('is refused once the claim has expired by the server clock, swept or not', async () => {
    shop = await couponShop();
    const code = await shop.code();
    shop.clock.now += HOUR;
    await expect(shop.redeem(code)).rejects.toEqual(refused('claim-expired'));
    expect(await shop.coupons.expire(shop.clock.now)).toBe(1);
    await expect(shop.redeem(code)).rejects.toEqual(refused('claim-expired'));
    expect(balances(shop)).toEqual([10_000, 0, 0]);
  });

  it("counts caps on the shop's own customer, whatever the browser forgot", async () => {
    shop = await couponShop([coupon({ id: 'once', caps: { per_shopper: 1 } })]);
    const [one, two, three] = [await shop.code(), await shop.code(), await shop.code()];
    await expect(shop.redeem(one)).rejects.toEqual(refused('customer-needed'));
    await shop.redeem(one, { customer: 'ann' });
    await expect(shop.redeem(two, { customer: 'ann' })).rejects.toEqual(refused('cap-reached'));
    await shop.redeem(three, { customer: 'bob' });
  });

  it('stores no customer that could be read back', async () => {
    shop = await couponShop([coupon({ id: 'once', caps: { per_shopper: 1 } })]);
    await shop.redeem(await shop.code(), { customer: 'ann@example.org' });
    const rows = JSON.stringify(shop.store.db.prepare('select * from coupon_redemption').all());
    expect(rows).not.toContain('ann');
    expect(shop.store.db.prepare('select subject from coupon_redemption').pluck().get()).toMatch(
      /^[0-9a-f]{32}$/,
    );
  });
});
