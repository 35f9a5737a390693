import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCoupons } from '../../../trainer-server/coupons/coupons.ts';
import { FIVE_OFF } from '../../helpers/coupon-shop.ts';
import { bearer, NOW, type Served, serveStore, signing } from '../../helpers/served.ts';

const { store } = signing();
const viewer = bearer(store, 'viewer', 'Vic', 'demo');
let served: Served;

beforeAll(async () => {
  const coupons = openCoupons(store);
  store.transaction(() => coupons.budgets.set('demo', 'summer', 'EUR', 10_000, NOW));
  coupons.offer('demo', FIVE_OFF, { budget: 'summer' });
  for (const site of ['demo', 'other'])
    store.audit.add({ at: NOW, site, action: 'publish', detail: { version: 1 } });
  served = await serveStore(store);
});
afterAll(() => served.stop());

const get = async (what: string): Promise<unknown> =>
  (await fetch(`${served.url}/admin/sites/demo/${what}`, { headers: viewer })).json();

describe('what people read of a site', () => {
  it("is the site's own part of the audit log, newest first, and the head of the whole", async () => {
    const { head, entries } = (await get('audit')) as {
      head: string;
      entries: { action: string; site: string }[];
    };
    expect(head).toBe(store.audit.head());
    expect(entries.map(({ action, site }) => [action, site])).toEqual([
      ['publish', 'demo'],
      ['token-create', 'demo'],
    ]);
  });

  it('is which promotions can be claimed, and the most that one use can cost', async () => {
    expect(await get('coupons')).toMatchObject({
      coupons: [
        { id: 'five-off', budget: 'summer', currency: 'EUR', worstCase: 500, promotion: { id: 'five-off' } },
      ],
    });
  });
});
