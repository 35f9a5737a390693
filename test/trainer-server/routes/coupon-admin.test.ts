import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setFourEyes } from '../../../trainer-server/access/four-eyes.ts';
import { issueToken } from '../../../trainer-server/access/issue-token.ts';
import { createApp } from '../../../trainer-server/app.ts';
import { CONFIG } from '../../../trainer-server/config.ts';
import { declareLaw } from '../../../trainer-server/law/lawful-offer.ts';
import { declareSensitive } from '../../../trainer-server/law/sensitive.ts';
import { openStore } from '../../../trainer-server/store/store.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

const NOW = Date.UTC(2026, 0, 1);
const store = openStore(temporaryFolder());
const app = createApp({ store, sdk: new Map(), config: CONFIG, now: () => NOW, log: () => undefined });
const tokens: Record<string, string> = {};

beforeAll(() => {
  for (const owner of ['ann', 'bob'])
    tokens[owner] = issueToken(store, { role: 'marketer', owner, site: 'demo' }, NOW).secret;
  tokens.shop = issueToken(store, { role: 'shop-server', owner: 'shop', site: 'demo' }, NOW).secret;
});
afterAll(() => store.close());

async function ask(who: string, method: string, path: string, body?: unknown) {
  const init = { method, headers: { Authorization: `Bearer ${tokens[who]}` } };
  const response = await app.request(`/admin/sites/demo/${path}`, {
    ...init,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

const offer = {
  budget: 'summer',
  promotion: { id: 'ten', type: 'coupon', percent: 10, maximum_discount: 8 },
  claimMinutes: 20,
};

describe('the administration of coupons', () => {
  it('lets a budget and a promotion take effect when a second person approves', async () => {
    setFourEyes(store, true, NOW);
    const proposed = await ask('ann', 'PUT', 'budgets/summer', { currency: 'EUR', total: 50_000 });
    expect(proposed).toMatchObject({ status: 202, body: { state: 'open' } });
    const approve = (who: string, proposal: number) =>
      ask(who, 'POST', `approvals/${proposal}/decision`, { approve: true });
    expect((await approve('ann', proposed.body.proposal)).status).toBe(403);
    expect((await ask('ann', 'GET', 'budgets')).body.budgets).toEqual([]);
    expect((await approve('bob', proposed.body.proposal)).status).toBe(200);
    expect((await ask('ann', 'GET', 'budgets')).body.budgets).toMatchObject([
      { id: 'summer', currency: 'EUR', total: 50_000, free: 50_000, worstCase: 0 },
    ]);
    const promotion = await ask('bob', 'PUT', 'coupons/ten', offer);
    await approve('ann', promotion.body.proposal);
    const granted = await app.request('/s/demo/grants', { method: 'POST', body: '{}' });
    expect((await granted.json()).menu).toEqual(['ten']);
    setFourEyes(store, false, NOW);
  });

  it('refuses what no budget could bear, before anybody is asked', async () => {
    const endless = { ...offer, promotion: { id: 'ten', type: 'coupon', percent: 10 } };
    expect(await ask('ann', 'PUT', 'coupons/ten', endless)).toMatchObject({
      status: 400,
      body: { error: { field: 'maximum_discount' } },
    });
    expect(await ask('ann', 'PUT', 'coupons/other', offer)).toMatchObject({ status: 400 });
    expect(await ask('ann', 'PUT', 'coupons/ten', { ...offer, budget: 'none' })).toMatchObject({
      status: 404,
      body: { error: { code: 'unknown-budget' } },
    });
  });

  it('refuses a promotion for an attribute that the running release declares sensitive', async () => {
    declareSensitive(store, 'demo', ['faith']);
    const eligibility = { version: 1, all: [{ attribute: 'faith', is: 'x' }] };
    const asked = { ...offer, promotion: { ...offer.promotion, eligibility } };
    expect(await ask('ann', 'PUT', 'coupons/ten', asked)).toMatchObject({
      status: 400,
      body: { error: { field: 'promotion.eligibility' } },
    });
    const other = { ...eligibility, all: [{ attribute: 'country', is: 'x' }] };
    const harmless = { ...asked, promotion: { ...asked.promotion, eligibility: other } };
    expect((await ask('ann', 'PUT', 'coupons/ten', harmless)).status).toBe(200);
  });

  it('refuses what the running release may not show, and countdowns that are not true', async () => {
    declareLaw(store, 'demo', { masked: { nine: 'the price of A was lower' }, countdown: 'true-end' });
    const nine = { ...offer, promotion: { ...offer.promotion, id: 'nine' } };
    expect(await ask('ann', 'PUT', 'coupons/nine', nine)).toMatchObject({
      status: 400,
      body: {
        error: { field: 'promotion.id', message: expect.stringContaining('the price of A was lower') },
      },
    });
    const counting = (ends?: string) => ({
      ...offer,
      promotion: {
        ...offer.promotion,
        ...{ id: 'tonight', creative: { title: 'Tonight', countdown: true } },
        ...(ends && { schedule: { ends } }),
      },
    });
    const untrue = { status: 400, body: { error: { field: 'promotion.creative' } } };
    expect(await ask('ann', 'PUT', 'coupons/tonight', counting())).toMatchObject(untrue);
    const put = (ends: string) => ask('ann', 'PUT', 'coupons/tonight', counting(ends));
    expect((await put('2026-01-02T00:00:00Z')).status).toBe(200);
    expect(await put('2026-01-03T00:00:00Z')).toMatchObject(untrue);
    expect((await ask('ann', 'DELETE', 'coupons/tonight')).status).toBe(200);
    declareLaw(store, 'demo', { masked: {}, countdown: 'free' });
    expect((await ask('ann', 'PUT', 'coupons/nine', nine)).status).toBe(200);
    expect((await ask('ann', 'DELETE', 'coupons/nine')).status).toBe(200);
  });

  it('is not the shop server', async () => {
    expect((await ask('shop', 'PUT', 'budgets/summer', { currency: 'EUR', total: 1 })).status).toBe(403);
    expect((await ask('shop', 'GET', 'budgets')).status).toBe(403);
  });

  it('starts an experiment whose shares are all of the visits', async () => {
    const arms = [
      { id: 'with', share: 0.5 },
      { id: 'without', share: 0.5, menu: [] },
    ];
    expect(await ask('ann', 'PUT', 'experiment', { arms: arms.slice(1) })).toMatchObject({ status: 400 });
    expect((await ask('ann', 'PUT', 'experiment', { arms })).status).toBe(200);
    const grant = await (await app.request('/s/demo/grants', { method: 'POST', body: '{}' })).json();
    expect(grant.menu).toEqual(grant.arm === 'with' ? ['ten'] : []);
    expect(grant.propensity).toBe(0.5);
  });

  it('withdraws a promotion at once, and says so in the audit log', async () => {
    expect((await ask('ann', 'DELETE', 'coupons/ten')).status).toBe(200);
    expect((await ask('ann', 'DELETE', 'coupons/ten')).status).toBe(404);
    expect(store.audit.list('demo')[0]).toMatchObject({ who: 'ann', action: 'coupon-withdraw' });
  });
});
