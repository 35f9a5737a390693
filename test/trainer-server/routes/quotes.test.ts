import { afterEach, describe, expect, it } from 'vitest';
import { coupon } from '../../helpers/coupon-expectations.ts';
import { type CouponHttp, couponHttp, couponRows, redemption } from '../../helpers/coupon-http.ts';
import { basket, type CouponShop, couponShop, FIVE_OFF } from '../../helpers/coupon-shop.ts';

let shop: CouponShop;
let http: CouponHttp;
afterEach(() => shop.store.close());

async function open(promotions = [FIVE_OFF]): Promise<void> {
  shop = await couponShop(promotions);
  http = couponHttp(shop);
}

const quote = ({ order: _, ...asked }: ReturnType<typeof redemption>) =>
  http.asShop('/s/demo/quotes', 'unused', asked);

describe('a quote', () => {
  it('says what the redemption then charges, and writes nothing', async () => {
    await open();
    const code = await shop.code();
    const before = couponRows(shop);
    const quoted = await quote(redemption(code, 'A'));
    // 40.00 of goods and 4.90 of delivery, 5.00 off.
    expect(quoted).toMatchObject({
      status: 200,
      body: { codes: [{ code, promotion: 'five-off', amount: 500 }], priced: { total: 3_990 } },
    });
    expect(couponRows(shop)).toEqual(before);
    const redeemed = await http.asShop('/s/demo/redemptions', 'k', redemption(code, 'A'));
    expect(redeemed.body.priced).toEqual(quoted.body.priced);
  });

  it('is refused for what the redemption would be refused for', async () => {
    await open([{ ...FIVE_OFF, caps: { perShopper: 1 } }]);
    const code = await shop.code();
    const customer = { customer: 'ann' };
    const expected = async (asked: ReturnType<typeof redemption>, codes: string[]) => {
      const answers = [await quote(asked), await http.asShop('/s/demo/redemptions', 'k', asked)];
      expect(answers.map(({ body }) => body.error?.code)).toEqual(codes);
    };
    const twice = (error: string) => [error, error];
    await expected({ ...redemption('nonsense', 'A'), ...customer }, twice('unknown-code'));
    await expected(redemption(code, 'A'), twice('customer-needed'));
    await expected({ ...redemption(code, 'A', basket(1_000)), ...customer }, twice('not-eligible'));
    await expected({ ...redemption(code, 'A', basket(4_000, 'USD')), ...customer }, twice('other-currency'));
    await http.asShop('/s/demo/redemptions', 'good', { ...redemption(code, 'A'), ...customer });
    await expected({ ...redemption(code, 'B'), ...customer }, twice('already-redeemed'));
    expect(http.log).toEqual([]);
  });

  it("refuses a time zone that nobody knows, as the caller's fault", async () => {
    const eligibility = { version: 1, time: { from: '00:00', to: '12:00' } };
    await open([coupon({ id: 'early', eligibility })]);
    const asked = redemption(await shop.code(), 'A');
    const zoned = (timeZone: string) => ({ ...asked, facts: { timeZone } });
    expect(await quote(zoned('Mars/Olympus'))).toMatchObject({
      status: 400,
      body: { error: { code: 'bad-input', field: 'facts.timeZone' } },
    });
    // Midnight in UTC is one in the afternoon in Auckland.
    expect((await quote(zoned('UTC'))).status).toBe(200);
    expect((await quote(zoned('Pacific/Auckland'))).status).toBe(422);
    expect(http.log).toEqual([]);
  });
});
