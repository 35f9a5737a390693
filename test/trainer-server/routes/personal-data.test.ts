import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, type Served, SHOP_TOKEN, serveStore, signing } from '../../helpers/served.ts';

const { store } = signing();
const shop = { Authorization: `Bearer ${SHOP_TOKEN}` };
let served: Served;

beforeAll(async () => {
  served = await serveStore(store);
  const body = JSON.stringify({ id: '1', visitor: 'v1', history: [] });
  store.trajectories.append('demo', { id: '1', received: 0, body });
});
afterAll(() => served.stop());

async function ask(verb: string, body: unknown, headers: Record<string, string> = shop): Promise<unknown[]> {
  const response = await fetch(`${served.url}/admin/sites/demo/personal-data/${verb}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  return [response.status, answer.error?.code ?? answer];
}

describe('/admin/sites/:site/personal-data', () => {
  it('hands out and erases for the shop server and an administrator, and for nobody else', async () => {
    const person = { visitor: 'v1' };
    for (const role of ['marketer', 'viewer'] as const) {
      expect(await ask('erase', person, bearer(store, role, role))).toEqual([403, 'forbidden']);
    }
    const orders: unknown[] = [];
    const trajectories = [{ id: '1', visitor: 'v1', history: [] }];
    expect(await ask('export', person, bearer(store, 'admin', 'Ann'))).toEqual([
      200,
      { trajectories, orders, coupons: [] },
    ]);
    expect(await ask('erase', person)).toEqual([200, { trajectories: 1, orders: 0, coupons: 0 }]);
    expect(await ask('export', person)).toEqual([200, { trajectories: [], orders, coupons: [] }]);
    expect(store.audit.list('demo')[0]).toMatchObject({ who: 'shop server', action: 'erase' });
  });

  it('refuses a request that names nobody, so that a slip erases nothing', async () => {
    for (const body of [{}, { visitor: '' }, { Visitor: 'v1' }, { visitor: null }, []]) {
      expect(await ask('erase', body)).toEqual([400, 'bad-input']);
    }
  });
});
