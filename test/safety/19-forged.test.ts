import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { signToken } from '../../trainer-server/coupons/signed-token.ts';
import { type CouponHttp, couponHttp, couponRows, redemption } from '../helpers/coupon-http.ts';
import { basket, type CouponShop, couponShop, FIVE_OFF, SITE } from '../helpers/coupon-shop.ts';

let shop: CouponShop;
let http: CouponHttp;

/** Everything in it is refused as the caller's fault, and leaves every row as it was. */
async function writesNothing(work: () => Promise<number[]>): Promise<void> {
  const before = couponRows(shop);
  for (const status of await work()) expect([status, status >= 400 && status < 500]).toEqual([status, true]);
  expect(couponRows(shop)).toEqual(before);
  expect(http.log).toEqual([]);
}

async function open(): Promise<void> {
  shop = await couponShop();
  http = couponHttp(shop);
}
afterEach(() => shop.store.close());

const claim = async (grant: string, promotion = 'five-off', site = SITE): Promise<number> =>
  (await http.post(`/s/${site}/claims`, { grant, promotion })).status;

it('a grant with any character changed, added or taken away', async () => {
  await open();
  const grant = await shop.visit();
  await writesNothing(async () => {
    const statuses: number[] = [];
    const place = fc.nat(grant.length - 1);
    await fc.assert(
      fc.asyncProperty(
        place,
        fc.constantFrom(...'AZaz09-_.=+/ ~'),
        fc.nat(2),
        async (at, character, kind) => {
          const altered =
            grant.slice(0, at) + (kind === 2 ? '' : character) + grant.slice(at + (kind === 1 ? 0 : 1));
          if (altered !== grant) statuses.push(await claim(altered));
        },
      ),
      { numRuns: 400 },
    );
    return statuses;
  });
});

it('a grant that somebody else signed, with a menu of their own', async () => {
  await open();
  const payload = JSON.parse(Buffer.from((await shop.visit()).split('.')[0]!, 'base64url').toString());
  const keys = [
    Buffer.alloc(32),
    shop.coupons.keys.of('other', 'grant'),
    shop.coupons.keys.of(SITE, 'subject'),
  ];
  await writesNothing(async () => {
    const statuses = [await claim(`${Buffer.from(JSON.stringify(payload)).toString('base64url')}.`)];
    for (const key of keys)
      statuses.push(await claim(signToken({ ...payload, menu: ['five-off', 'vip'] }, key)));
    return statuses;
  });
});

it('a grant of another shop, and a code of another shop', async () => {
  await open();
  const { coupons, clock, store } = shop;
  store.transaction(() => coupons.budgets.set('other', 'summer', 'EUR', 10_000, clock.now));
  coupons.offer('other', FIVE_OFF, { budget: 'summer' });
  const foreign = (await coupons.grant('other', {}, undefined, clock.now)).token;
  const code = await shop.code();
  await writesNothing(async () => [
    await claim(foreign),
    await claim(await shop.visit(), 'five-off', 'other'),
    (await http.asShop('/s/other/redemptions', 'k', redemption(code, 'A'), 'other')).status,
    (await http.asShop('/s/demo/redemptions', 'k', redemption(code, 'A'), 'other')).status,
  ]);
});

it('a grant or a claim that has expired by the server clock, whatever the browser claims the time to be', async () => {
  await open();
  const [grant, code] = [await shop.visit(), await shop.code()];
  shop.clock.now += 60 * 60_000;
  await writesNothing(async () => [
    await claim(grant),
    (await http.asShop('/s/demo/redemptions', 'k', redemption(code, 'A'))).status,
    (await http.asShop('/s/demo/redemptions', 'k', { ...redemption(code, 'A'), now: 0 })).status,
  ]);
});

it('a promotion that is not on the menu, or that nobody offers', async () => {
  await open();
  const grant = await shop.visit();
  shop.coupons.offer(SITE, { ...FIVE_OFF, id: 'later' }, { budget: 'summer' });
  await writesNothing(async () => [
    await claim(grant, 'later'),
    await claim(grant, 'nobodys'),
    await claim(grant, ''),
  ]);
});

it('an amount, a price or a cart that the browser or a wrong shop made up', async () => {
  await open();
  const good = redemption(await shop.code(), 'A');
  const cart = basket(4_000);
  const line = cart.lines[0]!;
  const bad: unknown[] = [
    { ...good, amount: 1 },
    { ...good, cart: { ...cart, total: 0 } },
    { ...good, cart: { ...cart, currency: 'USD' } },
    { ...good, cart: { ...cart, currency: 'eur' } },
    { ...good, cart: { ...cart, shipping: -1 } },
    { ...good, cart: { ...cart, lines: [{ ...line, unitPrice: 1.5 }] } },
    { ...good, cart: { ...cart, lines: [{ ...line, unitPrice: -2_000 }] } },
    { ...good, cart: { ...cart, lines: [{ ...line, unitPrice: 2 ** 53 }] } },
    { ...good, cart: { ...cart, lines: [{ ...line, quantity: 0 }] } },
    { ...good, cart: { ...cart, lines: [line, line] } },
    { ...good, cart: { ...cart, lines: [] } },
    { ...good, codes: [] },
    { ...good, codes: [good.codes[0], good.codes[0]] },
    { ...good, codes: ["' or 1=1 --"] },
    'null',
    '[]',
    '{"order":',
  ];
  await writesNothing(() =>
    Promise.all(bad.map(async (body, i) => (await http.asShop('/s/demo/redemptions', `k${i}`, body)).status)),
  );
});

it('whoever is not the shop server, and a request without an idempotency key', async () => {
  await open();
  const good = redemption(await shop.code(), 'A');
  await writesNothing(async () => {
    const statuses: number[] = [];
    for (const path of ['redemptions', 'redemptions/x/reversals', 'expire', 'dismissals']) {
      statuses.push((await http.post(`/s/demo/${path}`, good, { 'Idempotency-Key': 'k' })).status);
      const guess = { 'Idempotency-Key': 'k', Authorization: 'Bearer guessed' };
      statuses.push((await http.post(`/s/demo/${path}`, good, guess)).status);
    }
    for (const key of ['', 'with space', 'x'.repeat(201)])
      statuses.push((await http.asShop('/s/demo/redemptions', key, good)).status);
    return statuses;
  });
});

it('a claim for another customer than the shop vouched for', async () => {
  await open();
  const { coupons, clock } = shop;
  const vouch = (customer: string, expires: number, site = SITE) =>
    signToken({ customer, expires }, coupons.keys.of(site, 'subject'));
  const ann = vouch('ann', clock.now + 60_000);
  const asked = { grant: await shop.visit(), promotion: 'five-off', subject: ann };
  const { body } = await http.post('/s/demo/claims', asked);
  const grant = await shop.visit();
  await writesNothing(async () => [
    (await http.post('/s/demo/claims', { ...asked, grant, subject: `${ann}x` })).status,
    (await http.post('/s/demo/claims', { ...asked, grant, subject: vouch('ann', clock.now) })).status,
    (await http.post('/s/demo/claims', { ...asked, grant, subject: vouch('ann', clock.now + 1, 'other') }))
      .status,
    (await http.asShop('/s/demo/redemptions', 'k', { ...redemption(body.code, 'A'), customer: 'bob' }))
      .status,
    (await http.asShop('/s/demo/redemptions', 'k', redemption(body.code, 'A'))).status,
  ]);
});
