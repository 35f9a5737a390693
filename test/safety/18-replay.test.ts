import fc from 'fast-check';
import { expect, it } from 'vitest';
import { couponHttp, redemption } from '../helpers/coupon-http.ts';
import { balances, basket, couponShop } from '../helpers/coupon-shop.ts';

const REPLAYS = 1_000;

it('a redemption replayed 1,000 times is one row, and the same answer each time', async () => {
  const shop = await couponShop();
  const { asShop } = couponHttp(shop);
  const body = redemption(await shop.code(), 'A');
  const first = await asShop('/s/demo/redemptions', 'key', body);
  expect(first.status).toBe(201);
  const replays = await Promise.all(
    Array.from({ length: REPLAYS }, () => asShop('/s/demo/redemptions', 'key', body)),
  );
  for (const { status, body, headers } of replays) {
    expect([status, body, headers.get('idempotent-replayed')]).toEqual([201, first.body, 'true']);
  }
  expect(shop.store.db.prepare('select count(*) from coupon_redemption').pluck().get()).toBe(1);
  expect(balances(shop)).toEqual([9_500, 0, 500]);
});

it('the same key with another body is a conflict, whatever differs', async () => {
  const shop = await couponShop();
  const { asShop } = couponHttp(shop);
  const body = redemption(await shop.code(), 'A');
  await asShop('/s/demo/redemptions', 'key', body);
  const other = await shop.code();
  const changes = fc.oneof(
    fc.constant({ codes: [other] }),
    fc.string({ minLength: 1, maxLength: 20 }).map((order) => ({ order: `B${order}` })),
    fc.integer({ min: 1, max: 1e6 }).map((half) => ({ cart: basket(10_000 + 2 * half) })),
    fc.string({ minLength: 1, maxLength: 20 }).map((customer) => ({ customer })),
  );
  await fc.assert(
    fc.asyncProperty(changes, async (change) => {
      const answer = await asShop('/s/demo/redemptions', 'key', { ...body, ...change });
      expect([answer.status, answer.body.error.code]).toEqual([409, 'key-reused']);
    }),
  );
  const reversal = await asShop('/s/demo/redemptions/x/reversals', 'key', {});
  expect([reversal.status, reversal.body.error.code]).toEqual([409, 'key-reused']);
  expect(balances(shop)).toEqual([9_000, 500, 500]);
});

it('what was refused is not remembered: the same key may be right the next time', async () => {
  const shop = await couponShop();
  const { asShop } = couponHttp(shop);
  const code = await shop.code();
  const small = await asShop('/s/demo/redemptions', 'key', redemption(code, 'A', basket(1_000)));
  expect([small.status, small.body.error.code]).toEqual([422, 'not-eligible']);
  expect((await asShop('/s/demo/redemptions', 'key', redemption(code, 'A'))).status).toBe(201);
});
