import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { DATABASE_FILE, type Db } from '../../trainer-server/store/database.ts';
import { openStore } from '../../trainer-server/store/store.ts';
import { temporaryFolder } from '../helpers/import-here.ts';
import { type Served, SHOP_TOKEN, serveStore } from '../helpers/served.ts';

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
