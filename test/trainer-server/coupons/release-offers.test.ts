import { describe, expect, it } from 'vitest';
import { readPromotions } from '../../../shared/promotion.ts';
import { decide, setFourEyes } from '../../../trainer-server/access/four-eyes.ts';
import { openCoupons } from '../../../trainer-server/coupons/coupons.ts';
import { maskedBy, offersFileOf, planOffers } from '../../../trainer-server/coupons/release-offers.ts';
import { refuseUnlawfulOffer } from '../../../trainer-server/law/lawful-offer.ts';
import type { Bundle } from '../../../trainer-server/release/bundle.ts';
import { type PublishOptions, publishBundle, republish } from '../../../trainer-server/release/publish.ts';
import { basket, FIVE_OFF } from '../../helpers/coupon-shop.ts';
import { NOW, signing, smallBundle } from '../../helpers/served.ts';

/** As a shop writes them: major units. */
const PROMOTIONS = [
  { id: 'five-off', type: 'coupon', amount: 5, minimum: 20, exclusive_group: 'basket' },
  { id: 'own', type: 'fixed_amount', amount: 2, budget: { amount: 30 } },
  { id: 'endless', type: 'coupon', percent: 10 },
  { id: 'tokyo', type: 'coupon', amount: 500, currency: 'JPY' },
  { id: 'plain', type: 'percentage', percent: 10 },
];

const SHOP = { currency: 'EUR', locale: 'en', attributes: {}, slots: [], sensitive: ['faith'] };

function released(raw: readonly object[] = PROMOTIONS, content = 'one'): Promise<Bundle> {
  const file = offersFileOf(SHOP, readPromotions(raw, 'EUR'));
  return smallBundle(content, undefined, { 'offers.json': JSON.stringify(file) });
}

function site() {
  const { store, options } = signing();
  const said: string[] = [];
  const publishing: PublishOptions = { ...options, couponBudget: 100, say: (text) => void said.push(text) };
  const coupons = openCoupons(store);
  const menu = async (): Promise<string[]> => (await coupons.grant('demo', {}, undefined, NOW)).grant.menu;
  return { store, coupons, said, menu, options: publishing };
}

describe('the coupons of a release', () => {
  it('can be claimed and redeemed from its publication on, without another act', async () => {
    const { coupons, menu, options } = site();
    expect(await menu()).toEqual([]);
    await publishBundle(await released(), options);
    expect(await menu()).toEqual(['five-off', 'own']);
    const { token } = await coupons.grant('demo', {}, undefined, NOW);
    const { code } = await coupons.claim('demo', { grant: token, promotion: 'five-off' }, NOW);
    const order = { order: '1', codes: [code], cart: basket(4_000) };
    const { answer } = await coupons.redeem('demo', '1', order, NOW);
    // 40.00 of goods, 4.90 of delivery, 5.00 off.
    expect(answer.priced.total).toBe(4_000 + 490 - 500);
    expect(coupons.ledger.budgets('demo')).toMatchObject([
      { id: 'coupons', currency: 'EUR', free: 9_500, reserved: 0, spent: 500 },
      { id: 'own', currency: 'EUR', free: 3_000 },
    ]);
    expect(coupons.ledger.imbalances()).toEqual([]);
  });

  it('says which cannot be claimed, and why', async () => {
    const { said, options } = site();
    await publishBundle(await released(), options);
    expect(said).toEqual([
      'can be claimed from now on: five-off, own',
      'endless cannot be claimed: nothing bounds what one use takes off: give it a maximum_discount',
      'tokyo cannot be claimed: it is in JPY: give it a budget of its own',
    ]);
    const { left } = planOffers(offersFileOf(SHOP, readPromotions(PROMOTIONS.slice(0, 1), 'EUR')), undefined);
    expect(left).toEqual([{ id: 'five-off', why: expect.stringContaining('--coupon-budget') }]);
  });

  it('keep the hours of the shop’s own wall clock, where they name no other', () => {
    const windows = [{ from: '18:00', to: '20:00' }];
    const raw = [
      { id: 'here', type: 'coupon', amount: 5, schedule: { windows } },
      { id: 'there', type: 'coupon', amount: 5, schedule: { windows, time_zone: 'Asia/Tokyo' } },
    ];
    const file = offersFileOf({ ...SHOP, timeZone: 'Europe/Berlin' }, readPromotions(raw, 'EUR'));
    expect(planOffers(file, 100).offers.map(({ promotion }) => promotion.schedule)).toEqual([
      { windows, time_zone: 'Europe/Berlin' },
      { windows, time_zone: 'Asia/Tokyo' },
    ]);
  });

  it('cannot be claimed where the law of the region keeps them from being shown', () => {
    const file = offersFileOf(SHOP, readPromotions(PROMOTIONS.slice(0, 2), 'EUR'));
    const untrue = { own: { sku: 'A', price: 500, prior: 400 } };
    const { offers, left } = planOffers(file, 100, maskedBy({ untrue, urgent: {} }));
    expect(offers.map(({ promotion }) => promotion.id)).toEqual(['five-off']);
    expect(left).toEqual([{ id: 'own', why: expect.stringContaining('the price of A was lower') }]);
    const late = maskedBy({ untrue: {}, urgent: { 'five-off': 'the end of its countdown was put off' } });
    expect(planOffers(file, 100, late).left).toEqual([
      { id: 'five-off', why: 'the end of its countdown was put off' },
    ]);
  });

  it('stay as they are in the next release: same versions, codes that are out, and budgets as people set them', async () => {
    const { store, coupons, said, options } = site();
    await publishBundle(await released(), options);
    const version = coupons.promotions.live('demo', 'five-off')!.version;
    store.transaction(() => coupons.budgets.set('demo', 'coupons', 'EUR', 25_000, NOW));
    await publishBundle(await released(PROMOTIONS, 'two'), options);
    expect(coupons.promotions.live('demo', 'five-off')!.version).toBe(version);
    expect(coupons.ledger.budget('demo', 'coupons')!.free).toBe(25_000);
    const dearer = [{ ...PROMOTIONS[0], amount: 6 }, ...PROMOTIONS.slice(1)];
    await publishBundle(await released(dearer, 'three'), options);
    expect(coupons.promotions.live('demo', 'five-off')!.worstCase).toBe(600);
    expect(said.filter((line) => line.startsWith('can be claimed'))).toEqual([
      'can be claimed from now on: five-off, own',
      'can be claimed from now on: five-off',
    ]);
  });

  it('leave the menu with the release that shows them; codes that are out are honoured until they expire', async () => {
    const { store, coupons, said, menu, options } = site();
    await publishBundle(await released(), options);
    const { token } = await coupons.grant('demo', {}, undefined, NOW);
    const asked = { grant: token, promotion: 'own' };
    const taken = await coupons.claim('demo', asked, NOW);
    const idle = await coupons.claim('demo', { ...asked, promotion: 'five-off' }, NOW);
    await publishBundle(await released(PROMOTIONS.slice(4), 'two'), options);
    expect(said.at(-1)).toBe(
      'can be claimed no more: five-off, own; codes that are out are good until they expire',
    );
    expect(store.audit.list('demo')[0]).toMatchObject({
      action: 'coupon-withdraw',
      detail: { release: 2, promotions: ['five-off', 'own'] },
    });
    expect(await menu()).toEqual([]);
    const other = await coupons.grant('demo', {}, undefined, NOW);
    const late = coupons.claim('demo', { ...asked, grant: other.token }, NOW);
    await expect(late).rejects.toMatchObject({ code: 'not-in-menu' });
    // A menu that was signed before the release opens nothing either, but to who has the code already.
    const { token: renewed } = await coupons.grant('demo', { grant: token }, undefined, NOW);
    for (const grant of [token, renewed])
      expect(await coupons.claim('demo', { ...asked, grant }, NOW)).toEqual({ ...taken, repeated: true });
    const order = { order: '1', codes: [taken.code], cart: basket(4_000) };
    expect((await coupons.redeem('demo', '1', order, NOW)).answer.redemptions[0]!.amount).toBe(200);
    await coupons.expire(idle.expires);
    const tooLate = coupons.redeem('demo', '2', { ...order, order: '2', codes: [idle.code] }, idle.expires);
    await expect(tooLate).rejects.toMatchObject({ code: 'claim-expired' });
    expect(coupons.ledger.budgets('demo')).toMatchObject([
      { id: 'coupons', reserved: 0, free: 10_000 },
      { id: 'own', reserved: 0, spent: 200 },
    ]);
  });

  it('stay while anybody’s devices show them: beside a canary, until it is promoted; and come back with a way back', async () => {
    const { menu, options } = site();
    const [one, two] = [await released(), await released(PROMOTIONS.slice(0, 1), 'two')];
    await publishBundle(one, options);
    await publishBundle(two, { ...options, canaryShare: 0.1 });
    republish({ action: 'renew' }, options);
    expect(await menu()).toEqual(['five-off', 'own']);
    republish({ action: 'promote' }, options);
    expect(await menu()).toEqual(['five-off']);
    republish({ action: 'rollback', version: 1 }, options);
    expect(await menu()).toEqual(['five-off', 'own']);
    await publishBundle(await released(PROMOTIONS.slice(1), 'three'), { ...options, canaryShare: 0.1 });
    republish({ action: 'off' }, options);
    expect(await menu()).toEqual(['five-off', 'own']);
  });

  it('are left to people where people decided: what they offered stays, what they withdrew comes back with no way back', async () => {
    const { store, coupons, menu, options } = site();
    await publishBundle(await released(), options);
    await publishBundle(await released(PROMOTIONS.slice(0, 2), 'two'), options);
    coupons.offer('demo', FIVE_OFF, { budget: 'coupons' });
    store.transaction(() => coupons.promotions.withdraw('demo', 'own', 'person'));
    republish({ action: 'rollback' }, options);
    expect(await menu()).toEqual(['five-off']);
    await publishBundle(await released(PROMOTIONS.slice(4), 'three'), options);
    expect(await menu()).toEqual(['five-off']);
    await publishBundle(await released(PROMOTIONS.slice(1, 2), 'four'), options);
    expect(await menu()).toEqual(['five-off', 'own']);
  });

  it('leave the menu where the law keeps them away, whoever offered them, and are not offered by hand after that', async () => {
    const { store, coupons, menu, options } = site();
    await publishBundle(await released(), options);
    coupons.offer('demo', FIVE_OFF, { budget: 'coupons' });
    const file = { 'offers.json': JSON.stringify(offersFileOf(SHOP, readPromotions(PROMOTIONS, 'EUR'))) };
    const law = { untrue: { 'five-off': { sku: 'A', price: 500, prior: 400 } }, urgent: {} };
    await publishBundle(await smallBundle('two', undefined, file, law), options);
    expect(await menu()).toEqual(['own']);
    expect(() => refuseUnlawfulOffer(store, 'demo', FIVE_OFF, undefined)).toThrow(/the price of A was lower/);
    await publishBundle(await released(PROMOTIONS, 'three'), options);
    expect(() => refuseUnlawfulOffer(store, 'demo', FIVE_OFF, undefined)).not.toThrow();
  });

  it('stay where nobody knows what the files of a release show', async () => {
    const { menu, options } = site();
    await publishBundle(await released(), options);
    await publishBundle(await smallBundle('not made by train'), options);
    expect(await menu()).toEqual(['five-off', 'own']);
  });

  it('are approved in one with their release, budgets included', async () => {
    const { store, coupons, menu, options } = site();
    setFourEyes(store, true, NOW);
    const asAnn = { ...options, who: 'Ann' };
    const bundle = await released();
    await expect(publishBundle(bundle, asAnn)).rejects.toThrow(/proposal 1 of Ann/);
    expect(store.approvals.find(1)!.body).toMatchObject({
      offers: [{ budget: { id: 'coupons', total: 10_000 } }, { budget: { id: 'own', total: 3_000 } }],
    });
    decide(store, { id: 1 }, true, 'Bob', NOW);
    expect(await menu()).toEqual([]);
    await expect(publishBundle(bundle, { ...asAnn, couponBudget: 900 })).rejects.toThrow(/proposal 2/);
    await publishBundle(bundle, asAnn);
    expect(await menu()).toEqual(['five-off', 'own']);
    expect(coupons.ledger.budget('demo', 'coupons')!.free).toBe(10_000);
    expect(store.audit.list('demo').map(({ action }) => action)).toContain('coupon-offer');
  });
});
