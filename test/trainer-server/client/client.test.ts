import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, ServerError } from '../../../trainer-server/client/index.ts';
import { publishBundle } from '../../../trainer-server/release/publish.ts';
import { type Served, SHOP_TOKEN, serveStore, signing, smallBundle } from '../../helpers/served.ts';

const { store, options } = signing();
let served: Served;
beforeAll(async () => {
  await publishBundle(await smallBundle(), options);
  served = await serveStore(store);
});
afterAll(() => served.stop());

const client = (token = SHOP_TOKEN) => createClient({ endpoint: served.url, site: 'demo', token });
const order = {
  id: '1',
  kind: 'purchase' as const,
  ts: 1_750_000_000_000,
  items: [{ sku: 'A', quantity: 1, price: 9.5 }],
};

describe("the client of a shop's back end", () => {
  it('sees health and the running release', async () => {
    expect(await client().healthy()).toBe(true);
    expect((await client().manifest()).signed.version).toBe(1);
    expect(await createClient({ endpoint: 'http://127.0.0.1:1', site: 'demo' }).healthy()).toBe(false);
  });

  it('reports an order that counts once', async () => {
    expect(await client().reportOrders([order])).toEqual({ accepted: 1, duplicates: 0 });
    expect(await client().reportOrders([order, { ...order, id: '2' }])).toEqual({
      accepted: 1,
      duplicates: 1,
    });
    expect(store.orders.count('demo')).toBe(2);
  });

  it('cannot change an order that was reported, nor write half a batch', async () => {
    const batch = [
      { ...order, id: '3' },
      { ...order, id: '1', items: [] },
    ];
    const error = await client()
      .reportOrders(batch)
      .catch((caught) => caught);
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({ status: 409, code: 'conflict', field: 'id' });
    expect(store.orders.find('demo', '3')).toBeUndefined();
  });

  it('is refused without the token', async () => {
    for (const token of ['', 'wrong', SHOP_TOKEN.toUpperCase()]) {
      await expect(client(token).reportOrders([order])).rejects.toMatchObject({
        status: 401,
        code: 'unauthorized',
      });
    }
  });

  it('hears which field is wrong', async () => {
    const bad = { ...order, items: [{ sku: 'A', quantity: -1 }] };
    await expect(client().reportOrders([bad])).rejects.toMatchObject({
      status: 400,
      field: 'orders.0.items.0.quantity',
    });
  });
});
