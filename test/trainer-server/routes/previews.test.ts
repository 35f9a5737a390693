import { describe, expect, it } from 'vitest';
import type { TokenRole } from '../../../trainer-server/access/roles.ts';
import { openCoupons } from '../../../trainer-server/coupons/coupons.ts';
import { declareSensitive } from '../../../trainer-server/law/sensitive.ts';
import { couponHttp, couponRows } from '../../helpers/coupon-http.ts';
import { couponShop } from '../../helpers/coupon-shop.ts';
import { bearer } from '../../helpers/served.ts';

const HOUR = 3_600_000;
const draft = {
  id: 'draft',
  type: 'coupon',
  amount: 7,
  cost_per_use: 7,
  budget: { amount: 500 },
  caps: { total: 9 },
  creative: { title: 'Seven off' },
};

async function site() {
  const shop = await couponShop();
  const http = couponHttp(shop);
  const marketer = bearer(shop.store, 'marketer', 'Ann', 'demo');
  const make = (body: object = {}) =>
    http.post('/admin/sites/demo/previews', { slot: 'cart', promotion: draft, ...body }, marketer);
  const look = (preview: string, name = 'demo') => http.post(`/s/${name}/previews`, { preview });
  return { shop, http, make, look };
}

describe('a preview', () => {
  it('shows the draft and its slot to who holds the link, without cost, budget or caps, and writes nothing', async () => {
    const { shop, make, look } = await site();
    const before = couponRows(shop);
    const { status, body } = await make();
    expect([status, body.expires]).toEqual([201, shop.clock.now + 24 * HOUR]);
    expect(body.fragment).toBe(`#promo-edge-preview=${body.preview}`);
    expect(await look(body.preview)).toMatchObject({
      status: 200,
      body: {
        slot: 'cart',
        promotion: { id: 'draft', terms: { type: 'coupon', amount: 700 }, creative: { title: 'Seven off' } },
      },
    });
    const { promotion } = (await look(body.preview)).body;
    expect(Object.keys(promotion).sort()).toEqual(['creative', 'currency', 'id', 'terms']);
    expect(couponRows(shop)).toEqual(before);
    const { grant } = await shop.coupons.grant('demo', {}, undefined, shop.clock.now);
    expect(grant.menu).toEqual(['five-off']);
    expect(shop.store.audit.list('demo')[0]).toMatchObject({ who: 'Ann', action: 'preview' });
  });

  it('ends with its hours, by the server’s clock, and cannot be forged or carried to another site', async () => {
    const { shop, make, look } = await site();
    const { preview } = (await make({ hours: 1 })).body;
    const grant = await shop.visit();
    const elsewhere = openCoupons(shop.store).previews.make(
      'other',
      'cart',
      { id: 'x', terms: { type: 'message' } },
      shop.clock.now + HOUR,
      shop.clock.now,
    ).token;
    for (const bad of [`${preview}x`, preview.replace(/^./, 'f'), grant, elsewhere, 'a.b'])
      expect(await look(bad)).toMatchObject({ status: 403, body: { error: { code: 'bad-preview' } } });
    expect((await look(preview, 'other')).status).toBe(403);
    shop.clock.now += HOUR - 1;
    expect((await look(preview)).status).toBe(200);
    shop.clock.now += 1;
    expect((await look(preview)).status).toBe(403);
  });

  it('is taken back at once and for good by people who may change offers, and nobody else’s is', async () => {
    const { shop, http, make, look } = await site();
    const [first, second] = [(await make()).body, (await make()).body];
    const as = (role: TokenRole, name = 'demo') => bearer(shop.store, role, `${role} of ${name}`, name);
    const revoke = (id: unknown, who: object = as('admin'), name = 'demo') =>
      http.ask('DELETE', `/admin/sites/${name}/previews/${id}`, who);
    expect((await revoke(first.id, as('viewer'))).status).toBe(403);
    expect((await revoke(first.id, as('admin', 'other'), 'other')).status).toBe(404);
    expect((await look(first.preview)).status).toBe(200);
    expect(await revoke(first.id)).toMatchObject({ status: 200, body: { revoked: first.id } });
    expect(await look(first.preview)).toMatchObject({
      status: 403,
      body: { error: { code: 'bad-preview' } },
    });
    expect((await look(second.preview)).status).toBe(200);
    expect(shop.store.audit.list('demo')[0]).toMatchObject({
      ...{ who: 'admin of demo', action: 'preview-revoke', detail: { id: first.id } },
    });
    const open = await http.ask('GET', '/admin/sites/demo/previews', as('viewer'));
    expect(open.body.previews).toEqual([
      { id: second.id, slot: 'cart', promotion: 'draft', expires: second.expires },
    ]);
    for (const id of [first.id, 99, 'x', 0.5]) expect((await revoke(id)).status).toBe(404);
    for (const statement of ['delete from preview_revocation', 'update preview_revocation set preview = 99'])
      expect(() => shop.store.db.exec(statement)).toThrow(/for good/);
    // Its row is swept with its time; the next link is another one.
    shop.clock.now += 24 * HOUR;
    expect((await make()).body.id).toBe(second.id + 1);
  });

  it('is made by people who may change offers, of drafts that may be shown', async () => {
    const { shop, http, make } = await site();
    const shopServer = bearer(shop.store, 'shop-server', 'till', 'demo');
    const asked = { slot: 'cart', promotion: draft };
    expect((await http.post('/admin/sites/demo/previews', asked, shopServer)).status).toBe(403);
    expect((await make({ hours: 24 * 15 })).status).toBe(400);
    declareSensitive(shop.store, 'demo', ['faith']);
    const eligibility = { version: 1, attribute: 'faith', is: 'x' };
    expect((await make({ promotion: { ...draft, eligibility } })).status).toBe(400);
  });
});
