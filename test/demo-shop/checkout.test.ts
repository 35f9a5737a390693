import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../demo-shop/catalogue/catalogue.ts';
import { checkoutRoute } from '../../demo-shop/checkout.ts';
import { openOrderBook } from '../../demo-shop/order-book.ts';
import { createClient } from '../../trainer-server/client/index.ts';
import { FIVE_OFF } from '../helpers/coupon-shop.ts';
import { temporaryFolder } from '../helpers/import-here.ts';
import { NOW, SHOP_TOKEN } from '../helpers/served.ts';
import { servedCoupons } from '../helpers/served-coupons.ts';

const served = servedCoupons();
const { store, coupons } = served;

const cents = (sku: string): number =>
  Math.round(catalogue().find((product) => product.sku === sku)!.price * 100);
/** A product of 20 euros or more, so that one of it fulfils the coupon's minimum. */
const LAMP = catalogue().find(({ price }) => price >= 20 && price < 70)!.sku;

/** The shop's clock goes on between two tries. */
let tick = 0;

async function order(body: object, endpoint = served.url) {
  const client = createClient({ endpoint, site: 'demo', token: SHOP_TOKEN, retries: 0 });
  const till = checkoutRoute({ client, now: () => NOW + tick++ });
  const response = await till.request('/api/orders', { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

async function code(): Promise<{ sid: string; code: string }> {
  const { token, grant } = await coupons.grant('demo', {}, undefined, NOW);
  return { sid: grant.sid, ...(await coupons.claim('demo', { grant: token, promotion: FIVE_OFF.id }, NOW)) };
}

const lines = [{ sku: LAMP, quantity: 1 }];

describe('the till of the demo shop', () => {
  it('takes a code off once, whatever the page asks again, and reports the order with its visit', async () => {
    const { sid, code: typed } = await code();
    const basket = { order: 'A1', lines, codes: [typed], sid };
    const first = await order(basket);
    expect(first).toEqual({
      status: 201,
      body: { order: 'A1', total: cents(LAMP) - 500 + 490, discounts: [{ code: typed, amount: 500 }] },
    });
    expect(await order(basket)).toEqual(first);
    expect(await order({ ...basket, order: 'A2' })).toMatchObject({
      status: 409,
      body: { error: { code: 'already-redeemed' } },
    });
    const reported = JSON.parse(store.orders.find('demo', 'A1')!.body);
    expect(reported).toMatchObject({ sid, items: [{ sku: LAMP, price: (cents(LAMP) - 500) / 100 }] });
    expect(store.orders.find('demo', 'A2')).toBeUndefined();
  });

  it('knows its own prices, and takes none from a page', async () => {
    const cheap = [{ sku: LAMP, quantity: 1, price: 0.01 }];
    expect((await order({ order: 'B1', lines: cheap, codes: [] })).body.total).toBe(cents(LAMP) + 490);
    for (const bad of [
      { sku: 'nothing', quantity: 1 },
      { sku: LAMP, quantity: -1 },
      { sku: LAMP, quantity: 0.5 },
    ])
      expect((await order({ order: 'B2', lines: [bad], codes: [] })).status).toBe(400);
    expect((await order({ lines })).status).toBe(400);
  });

  it('places no order at a wrong price where codes cannot be checked', async () => {
    const { code: typed } = await code();
    const asked = await order({ order: 'C1', lines, codes: [typed] }, 'http://127.0.0.1:1');
    expect(asked).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
    expect((await order({ order: 'C1', lines, codes: [typed] })).status).toBe(201);
  });

  it('takes its own offers off by its own terms, and no coupon without its code', async () => {
    const wanted = { lines: [{ sku: 'MUG-01', quantity: 1 }], codes: [] };
    // 18.00 of mug and 4.90 of delivery; ten per cent of the mug.
    expect((await order({ ...wanted, order: 'D1', offers: ['welcome-10'] })).body.total).toBe(1620 + 490);
    const dear = { lines: [{ sku: 'MUG-01', quantity: 2 }], codes: [] };
    expect((await order({ ...dear, order: 'D2', offers: ['eight-off-35'] })).body.total).toBe(3600 + 490);
  });

  it('gives a returned order’s discount back to its budget, once, and reports the return', async () => {
    const { code: typed } = await code();
    const client = createClient({ endpoint: served.url, site: 'demo', token: SHOP_TOKEN, retries: 0 });
    const till = checkoutRoute({ client, now: () => NOW + tick++ });
    const post = (path: string, body: object) =>
      till.request(path, { method: 'POST', body: JSON.stringify(body) });
    const spent = (): number => coupons.budgets.report('demo')[0]!.spent;
    const before = spent();
    expect((await post('/api/orders', { order: 'E1', lines, codes: [typed] })).status).toBe(201);
    expect(spent()).toBe(before + 500);
    expect((await post('/api/returns', { order: 'E1' })).status).toBe(201);
    expect((await post('/api/returns', { order: 'E1' })).status).toBe(201);
    expect(spent()).toBe(before);
    expect(JSON.parse(store.orders.find('demo', 'E1-return')!.body)).toMatchObject({ kind: 'refund' });
    expect((await post('/api/returns', { order: 'E9' })).status).toBe(404);
  });

  it('takes back what it sold before it was started again, however that ended', async () => {
    const file = join(temporaryFolder(), 'orders.jsonl');
    const client = createClient({ endpoint: served.url, site: 'demo', token: SHOP_TOKEN, retries: 0 });
    /** A till that has just been started. */
    const post = (path: string, body: object) =>
      checkoutRoute({ client, now: () => NOW + tick++, book: openOrderBook(file) }).request(path, {
        ...{ method: 'POST', body: JSON.stringify(body) },
      });
    const spent = (): number => coupons.budgets.report('demo')[0]!.spent;
    const before = spent();
    const basket = { order: 'F1', lines, codes: [(await code()).code] };
    expect((await post('/api/orders', basket)).status).toBe(201);
    // The power went while the next order was written down: it was never acknowledged, and comes again.
    appendFileSync(file, '\n{"order":"F2","rep');
    const again = { order: 'F2', lines, codes: [(await code()).code] };
    expect((await post('/api/orders', again)).status).toBe(201);
    expect(spent()).toBe(before + 1000);
    for (const order of ['F1', 'F2']) expect((await post('/api/returns', { order })).status).toBe(201);
    expect(spent()).toBe(before);
  });
});
