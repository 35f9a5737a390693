import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { openCoupons } from '../../trainer-server/coupons/coupons.ts';
import { DATABASE_FILE, type Db } from '../../trainer-server/store/database.ts';
import { openStore, type Store } from '../../trainer-server/store/store.ts';
import { basket, FIVE_OFF } from '../helpers/coupon-shop.ts';
import { temporaryFolder } from '../helpers/import-here.ts';
import { NOW, type Served, SHOP_TOKEN, serveStore } from '../helpers/served.ts';

let served: Served;
let db: Db;
afterEach(() => served.stop());

async function start() {
  const store = openStore(temporaryFolder());
  db = store.db;
  db.pragma('busy_timeout = 50');
  served = await serveStore(store);
  return store;
}

const BATCH = 20;
const report = (batch: number): Promise<Response> =>
  fetch(`${served.url}/s/demo/orders`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${SHOP_TOKEN}` },
    body: JSON.stringify({
      orders: Array.from({ length: BATCH }, (_, i) => ({
        id: `${batch}-${i}`,
        kind: 'purchase',
        ts: 0,
        items: Array.from({ length: 20 }, (_, line) => ({ sku: `${'x'.repeat(100)}${line}`, quantity: 1 })),
      })),
    }),
  });

describe('storage that fails', () => {
  it('full disk: 503 with Retry-After, no part of the batch, and the same request works once there is room', async () => {
    const store = await start();
    db.pragma(`max_page_count = ${(db.pragma('page_count', { simple: true }) as number) + 100}`);
    let batch = 0;
    let response = await report(batch);
    while (response.status === 200 && batch < 100) response = await report(++batch);
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await response.json()).error.code).toBe('storage');
    expect(batch).toBeGreaterThan(0);
    expect(store.orders.count('demo')).toBe(batch * BATCH);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect((await fetch(`${served.url}/s/demo/manifest.json`)).status).toBe(404);
    db.pragma('max_page_count = 1000000');
    expect(await (await report(batch)).json()).toEqual({ accepted: BATCH, duplicates: 0 });
    expect(store.audit.verify()).toMatchObject({ rows: 1 });
  });

  it('a database that another process holds: 503 with Retry-After and nothing written, then all of it', async () => {
    const store = await start();
    const other = new Database(join(store.dir, DATABASE_FILE));
    other.exec('begin immediate');
    const refused = await report(1);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(store.orders.count('demo')).toBe(0);
    other.exec('commit');
    other.close();
    expect((await report(1)).status).toBe(200);
    expect(store.orders.count('demo')).toBe(BATCH);
    expect(served.log).toEqual([]);
  });
});

describe('coupons while storage fails', () => {
  const ask = (path: string, body: object, key = ''): Promise<Response> =>
    fetch(`${served.url}/s/demo/${path}`, {
      method: 'POST',
      headers: key === '' ? {} : { Authorization: `Bearer ${SHOP_TOKEN}`, 'Idempotency-Key': key },
      body: JSON.stringify(body),
    });

  /** Every coupon write once, each with all that its retry will need. */
  async function everyWrite(store: Store) {
    const coupons = openCoupons(store);
    store.transaction(() => coupons.budgets.set('demo', 'summer', 'EUR', 10_000, NOW));
    coupons.offer('demo', FIVE_OFF, { budget: 'summer' });
    const claimed = async (): Promise<string> => {
      const { token: grant } = await coupons.grant('demo', {}, undefined, NOW);
      return (await coupons.claim('demo', { grant, promotion: FIVE_OFF.id }, NOW)).code;
    };
    const { token: grant } = await coupons.grant('demo', {}, undefined, NOW);
    const sold = { order: 'sold', codes: [await claimed()], cart: basket(4_000) };
    const { answer } = await coupons.redeem('demo', 'sold', sold, NOW);
    const order = { order: '1', codes: [await claimed()], cart: basket(4_000) };
    const writes = {
      grant: () => ask('grants', {}),
      claim: () => ask('claims', { grant, promotion: FIVE_OFF.id }),
      redeem: () => ask('redemptions', order, 'order-1'),
      reverse: () => ask(`redemptions/${answer.redemptions[0]!.id}/reversals`, {}, 'return-1'),
      expire: () => ask('expire', {}, 'unused'),
      dismiss: () => ask('dismissals', { customer: 'c', promotion: FIVE_OFF.id }, 'unused'),
    };
    return { coupons, claimed, writes };
  }

  it('a database that another process holds: 503 with Retry-After on every one, nothing written; then each happens once', async () => {
    const store = await start();
    const { coupons, writes } = await everyWrite(store);
    const before = coupons.ledger.budget('demo', 'summer');
    const other = new Database(join(store.dir, DATABASE_FILE));
    other.exec('begin immediate');
    const refused = await Promise.all(Object.values(writes).map((write) => write()));
    for (const response of refused) {
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
      expect((await response.json()).error.code).toBe('storage');
    }
    expect(coupons.ledger.budget('demo', 'summer')).toEqual(before);
    other.exec('commit');
    other.close();
    for (const write of [writes.claim, writes.redeem, writes.reverse]) {
      const [first, again] = [await write(), await write()];
      expect([first.status, again.ok]).toEqual([201, true]);
      expect(await again.json()).toEqual(await first.json());
    }
    // One claim is open, and that of the order that came back is open again; one order of 5.00 was paid.
    const { reserved, spent } = coupons.ledger.budget('demo', 'summer')!;
    expect([reserved, spent]).toEqual([1_000, 500]);
    expect(coupons.ledger.imbalances()).toEqual([]);
    expect(served.log).toEqual([]);
  });

  it('a full disk: 503, no money moved, and the same key redeems once there is room', async () => {
    const store = await start();
    const { coupons, claimed } = await everyWrite(store);
    const codes: string[] = [];
    for (let i = 0; i < 15; i++) codes.push(await claimed());
    const redeem = (order: number) =>
      ask('redemptions', { order: `${order}`, codes: [codes[order]], cart: basket(4_000) }, `key-${order}`);
    db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
    let order = 0;
    let response = await redeem(order);
    while (response.status === 201) response = await redeem(++order);
    expect([response.status, (await response.json()).error.code]).toEqual([503, 'storage']);
    // One order was sold before.
    expect(coupons.ledger.budget('demo', 'summer')!.spent).toBe((1 + order) * 500);
    db.pragma('max_page_count = 1000000');
    expect((await redeem(order)).status).toBe(201);
    expect((await redeem(order)).headers.get('idempotent-replayed')).toBe('true');
    expect(coupons.ledger.budget('demo', 'summer')!.spent).toBe((2 + order) * 500);
    expect(coupons.ledger.imbalances()).toEqual([]);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  });
});
