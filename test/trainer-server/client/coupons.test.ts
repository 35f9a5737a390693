import { describe, expect, it } from 'vitest';
import { createClient, type Redemption } from '../../../trainer-server/client/index.ts';
import { basket, FIVE_OFF } from '../../helpers/coupon-shop.ts';
import { NOW, SHOP_TOKEN } from '../../helpers/served.ts';
import { servedCoupons } from '../../helpers/served-coupons.ts';

const served = servedCoupons({ ...FIVE_OFF, caps: { perShopper: 1 } });
const { store, coupons } = served;

const client = (more: { fetch?: typeof fetch; retries?: number } = {}) =>
  createClient({ endpoint: served.url, site: 'demo', token: SHOP_TOKEN, ...more });

/** Asks as a browser does. */
async function code(subject?: string): Promise<{ status: number; body: { code: string } }> {
  const post = (path: string, body: object) =>
    fetch(`${served.url}/s/demo/${path}`, { method: 'POST', body: JSON.stringify(body) });
  const { grant } = (await (await post('grants', {})).json()) as { grant: string };
  const response = await post('claims', { grant, promotion: FIVE_OFF.id, subject });
  return { status: response.status, body: (await response.json()) as { code: string } };
}

const order = async (number: string, customer = number): Promise<Redemption> => ({
  order: number,
  codes: [(await code()).body.code],
  cart: basket(4_000),
  customer,
});

describe("coupons for a shop's back end", () => {
  it('prices an order, and gives back what comes back', async () => {
    const { redemptions, priced } = await client().redeem(await order('1'));
    expect(priced.total).toBe(4_000 - 500 + 490);
    const half = { redemption: redemptions[0]!.id, id: 'return-1', returned: [{ id: '1', quantity: 1 }] };
    expect(await client().reverse(half)).toMatchObject({ amount: 250, reversed: 250 });
    expect(await client().reverse(half)).toMatchObject({ amount: 250, reversed: 250 });
    const rest = { redemption: redemptions[0]!.id, id: 'return-2' };
    expect(await client().reverse(rest)).toMatchObject({ amount: 250, reversed: 500 });
  });

  it('redeems once where the answer was lost and it asks again', async () => {
    const asked = await order('2');
    let lost = 0;
    const losing: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (lost++ === 0) throw new TypeError('the connection broke');
      return response;
    };
    const { redemptions } = await client({ fetch: losing }).redeem(asked);
    expect(lost).toBe(2);
    expect(await client().redeem(asked)).toMatchObject({ redemptions });
    const rows = store.db.prepare(`select count(*) from coupon_redemption where order_id = '2'`).pluck();
    expect(rows.get()).toBe(1);
  });

  it('waits out a busy server, and hears a refusal at once', async () => {
    const answers = [503, 503, 201];
    let asked = 0;
    const busy: typeof fetch = async () =>
      new Response(JSON.stringify({ order: 'x' }), {
        status: answers[asked++]!,
        headers: { 'Retry-After': '0.01' },
      });
    await client({ fetch: busy }).redeem(await order('3'));
    expect(asked).toBe(3);
    asked = 0;
    const refusing: typeof fetch = (input, init) => {
      asked++;
      return fetch(input, init);
    };
    const refused = client({ fetch: refusing }).redeem({ ...(await order('4')), codes: ['nonsense'] });
    await expect(refused).rejects.toMatchObject({ status: 404, code: 'unknown-code' });
    expect(asked).toBe(1);
  });

  it('vouches for a customer, whose menu is then without what they used up or put aside', async () => {
    const subject = await client().subject('ann', NOW + 60_000);
    expect((await code(subject)).status).toBe(201);
    expect((await code(subject)).status).toBe(409);
    const other = await client().subject('bob', NOW + 60_000);
    await client().dismiss('bob', FIVE_OFF.id);
    expect((await code(other)).status).toBe(409);
    const { grant } = await coupons.grant('demo', { subject: other }, undefined, NOW);
    expect(grant.menu).toEqual([]);
  });
});
