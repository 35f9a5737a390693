import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecisionRequest } from '../../../shared/decision.ts';
import { EVENT_NAMES } from '../../../shared/event.ts';
import {
  CONTEXT_GROUPS,
  contextNames,
  contextOf,
  contextWidth,
  unknownAttributes,
} from '../../../shared/features/context.ts';
import { digestOf, rememberedOf } from '../../../shared/features/digest.ts';
import { ago, NOON, requestOf, SPEC, SURROUNDINGS } from '../../helpers/policy.ts';

/** The features of a request by name. */
function features(request: DecisionRequest): Record<string, number> {
  const values = contextOf(digestOf(request, SURROUNDINGS));
  return Object.fromEntries(contextNames(SPEC).map((name, i) => [name, values[i]!]));
}

describe('context features', () => {
  it('count acts by the half logarithm of one more', () => {
    const f = features(requestOf({ history: [ago(2, 'view_item'), ago(1, 'view_item'), ago(0, 'search')] }));
    expect(f['view_item.count']).toBeCloseTo(Math.log(3) / 2, 6);
    expect(f['search.count']).toBeCloseTo(Math.log(2) / 2, 6);
    expect(f['purchase.count']).toBe(0);
  });

  it('remember the depth of the discounts that were shown, and purchases made without one', () => {
    const f = features(
      requestOf({
        history: [
          ago(3 * 24 * 60, 'view_promotion', { promotion: 'tea-20' }),
          ago(0, 'view_promotion', { promotion: 'tea-20' }),
          ago(0, 'purchase'),
          ago(0, 'purchase', { promotion: 'tea-20' }),
        ],
      }),
    );
    expect(f['discount.seen']).toBeCloseTo(2 * (20 / 50), 6);
    expect(f['shown.fading']).toBeCloseTo(Math.log(1 + 1.5) / 2, 6);
    expect(f['bought.without']).toBeCloseTo(Math.log(2) / 2, 6);
  });

  it('take a product that the release does not know as the page shows it, and one that it knows as it knows it', () => {
    const view = (sku: string, rest = {}) => ago(1, 'view_item', { items: [{ sku, quantity: 1, ...rest }] });
    const shown = { category: ['Kitchen', 'Tea'], brand: 'Uji' };
    const f = features(requestOf({ history: [view('new', shown)] }));
    expect(f['category:tea']).toBe(1);
    expect(f['brand.concentration']).toBe(1);
    expect(features(requestOf({ history: [view('new')] }))['category:tea']).toBe(0);
    const known = features(requestOf({ history: [view('mug', shown)] }));
    expect([known['category:tea'], known['category:mugs']]).toEqual([0, 1]);
    const cart = [{ sku: 'new', quantity: 1, price: 3000, ...shown }];
    const digest = digestOf(requestOf({ cart }), SURROUNDINGS);
    expect(digest.cart[0]!.facts).toEqual({ row: -1, ...shown });
  });

  it('are those of the registry of groups, in its order', () => {
    const digest = digestOf(requestOf({ history: [ago(2, 'search', { query: 'sale' })] }), SURROUNDINGS);
    const grouped = CONTEXT_GROUPS.flatMap((group) => group.values(digest));
    expect(contextOf(digest)).toEqual(Float32Array.from(grouped));
  });

  it('count a discount by the share of an order that it promises this shopper to take off', () => {
    const seen = (promotion: string, ...acts: string[]) =>
      features(
        requestOf({
          history: [
            ...acts.map((sku) => ago(2, 'view_item', { sku })),
            ago(1, 'view_promotion', { promotion }),
          ],
        }),
      )['discount.seen'];
    // A fifth off tea, for one who looks at tea three times in four: in halves.
    expect(seen('tea-20', 'oolong', 'sencha', 'oolong', 'mug')).toBeCloseTo(2 * 0.2 * 0.75, 6);
    expect(seen('tea-20', 'mug')).toBe(0);
    // Looked at mugs today, and at tea when it was shown.
    const before = [
      ago(3002, 'view_item', { sku: 'oolong' }),
      ago(3000, 'view_promotion', { promotion: 'tea-20' }),
    ];
    const f = features(requestOf({ history: [...before, ago(1, 'view_item', { sku: 'mug' })] }));
    expect(f['discount.seen']).toBeCloseTo(2 * 0.2, 6);
    // 10 off 30 and more.
    expect(seen('ten-off', 'mug')).toBeCloseTo(2 / 3, 6);
    expect(seen('never-heard-of', 'mug')).toBe(0);
  });

  it('count the days to the end of the month in fives', () => {
    const at = (month: number, day: number) => {
      const f = features(requestOf({ ts: Date.UTC(2028, month, day, 23) }));
      return [0, 5, 10, 15, 20, 25].filter((from) => f[`month.end.${from}`] === 1);
    };
    expect(at(1, 29)).toEqual([0]);
    expect(at(1, 25)).toEqual([0]);
    expect(at(1, 24)).toEqual([5]);
    expect(at(0, 1)).toEqual([25]);
  });

  it('remember promotions longer than other acts, and read the same from what a device keeps', () => {
    const views = Array.from({ length: 150 }, (_, i) => ago(150 - i, 'view_item'));
    const history = [
      ago(9000, 'view_promotion', { promotion: 'tea-20' }),
      ago(8999, 'select_promotion', { promotion: 'tea-20' }),
      ago(8998, 'purchase'),
      ...views,
    ];
    const f = features(requestOf({ history }));
    expect(f['discount.seen']).toBeCloseTo(20 / 50, 6);
    expect(f['bought.without']).toBeCloseTo(Math.log(2) / 2, 6);
    // Of all other acts the last 64 count.
    expect(f['view_item.count']).toBeCloseTo(Math.log(65) / 2, 6);
    const kept = rememberedOf(history);
    expect(kept.length).toBe(3 + 64);
    expect(features(requestOf({ history: kept }))).toEqual(f);
  });

  it('tell this visit from earlier ones by a pause of half an hour', () => {
    const f = features(
      requestOf({ history: [ago(60, 'view_item'), ago(29, 'view_item'), ago(1, 'view_item')] }),
    );
    expect(f['view_item.session']).toBeCloseTo(Math.log(3) / 2, 6);
    expect(f['sessions']).toBeCloseTo(Math.log(3) / 2, 6);
  });

  it('have no visit under way when the last act is over half an hour old', () => {
    const f = features(requestOf({ history: [ago(31, 'view_item')] }));
    expect(f['view_item.session']).toBe(0);
    expect(f['view_item.count']).toBeGreaterThan(0);
  });

  it('fall with the logarithm of age to zero at thirty days', () => {
    const now = features(requestOf({ history: [ago(0, 'purchase')] }));
    const hour = features(requestOf({ history: [ago(60, 'purchase')] }));
    const month = features(requestOf({ history: [ago(60 * 24 * 31, 'purchase')] }));
    expect(now['purchase.recency']).toBe(1);
    expect(hour['purchase.recency']).toBeCloseTo(1 - Math.log(3601) / Math.log(2_592_001), 6);
    expect(month['purchase.recency']).toBe(0);
  });

  it('set prices against the typical price', () => {
    const f = features(
      requestOf({
        history: [ago(2, 'view_item', { sku: 'oolong' }), ago(1, 'view_item', { sku: 'sencha' })],
      }),
    );
    expect(f['viewed.mean']).toBeCloseTo(Math.log(2) / 2, 6);
    expect(f['viewed.high']).toBeCloseTo(Math.log(2), 6);
    expect(f['viewed.trend']).toBeCloseTo(Math.log(2), 6);
  });

  it('measure how far below the catalogue a shopper buys', () => {
    const items = [{ sku: 'oolong', quantity: 1, price: 800 }];
    expect(features(requestOf({ history: [ago(5, 'purchase', { items })] }))['bought.discount']).toBeCloseTo(
      0.2,
      6,
    );
  });

  it('share interest among categories, whatever their case', () => {
    const f = features(
      requestOf({ history: [ago(1, 'view_item', { sku: 'oolong' }), ago(1, 'add_to_cart', { sku: 'mug' })] }),
    );
    // Interest 1 for the view, 3 for the cart.
    expect(f['category:tea']).toBeCloseTo(0.25, 6);
    expect(f['category:mugs']).toBeCloseTo(0.75, 6);
  });

  it('stay numbers when a shopper comes back after 200 days', () => {
    const f = features(requestOf({ history: [ago(200 * 24 * 60, 'view_item', { sku: 'oolong' })] }));
    // All interest, however faint, is in one place.
    expect(f['category.concentration']).toBe(1);
    expect(Object.values(f).every(Number.isFinite)).toBe(true);
  });

  it('rebuild the cart from events, and take the one that is given', () => {
    const history = [
      ago(9, 'add_to_cart', { sku: 'oolong' }),
      ago(8, 'add_to_cart', { sku: 'sencha' }),
      ago(7, 'remove_from_cart', { sku: 'oolong' }),
    ];
    expect(features(requestOf({ history }))['cart.value']).toBeCloseTo(Math.log(3) / 2, 6);
    const given = requestOf({ history, cart: [{ sku: 'mug', quantity: 2 }] });
    expect(features(given)['cart.value']).toBeCloseTo(Math.log(2) / 2, 6);
    expect(features(requestOf({ history: [...history, ago(6, 'purchase')] }))['cart.any']).toBe(0);
  });

  it('count promotions shown and ignored since the last click', () => {
    const shown = (minutes: number) => ago(minutes, 'view_promotion', { promotion: 'tea-20' });
    const f = features(
      requestOf({
        history: [shown(9), shown(8), ago(7, 'select_promotion', { promotion: 'tea-20' }), shown(6)],
      }),
    );
    expect(f['shown']).toBeCloseTo(Math.log(4) / 2, 6);
    expect(f['ignored']).toBeCloseTo(Math.log(2) / 2, 6);
  });

  it('know the hour and the weekday in UTC', () => {
    // 2026-01-05 was a Monday.
    const f = features(requestOf({ ts: NOON }));
    expect([f['mon'], f['tue'], f['sun']]).toEqual([1, 0, 0]);
    expect(f['day.cos']).toBeCloseTo(-1, 6);
  });

  it('standardise numbers, cut them at quantiles and flag the missing', () => {
    const f = features(requestOf({ attributes: { age: 50 } }));
    expect([f['age.standard'], f['age.missing']]).toEqual([1, 0]);
    expect([f['age.quantile.0'], f['age.quantile.1'], f['age.quantile.2']]).toEqual([0, 0, 1]);
    expect(features(requestOf())['age.missing']).toBe(1);
    expect(features(requestOf({ attributes: { age: 'fifty' } }))['age.missing']).toBe(1);
    expect(features(requestOf({ attributes: { age: '50' } }))['age.standard']).toBe(1);
  });

  it('give rare categories one shared input', () => {
    const f = features(requestOf({ attributes: { channel: 'fax' } }));
    expect([f['channel=web'], f['channel=other'], f['channel=missing']]).toEqual([0, 1, 0]);
  });

  it('tell true, false and missing apart', () => {
    const pair = (request: DecisionRequest) => {
      const f = features(request);
      return [f['member=true'], f['member=false']];
    };
    expect(pair(requestOf({ attributes: { member: true } }))).toEqual([1, 0]);
    expect(pair(requestOf({ attributes: { member: false } }))).toEqual([0, 1]);
    expect(pair(requestOf())).toEqual([0, 0]);
  });

  it('name the attributes that training never saw', () => {
    expect(
      unknownAttributes(digestOf(requestOf({ attributes: { age: 1, mood: 'good' } }), SURROUNDINGS)),
    ).toEqual(['mood']);
  });

  it('are finite, tame and of one width, whatever the history', () => {
    const event = fc.record(
      {
        visitor: fc.constant('v'),
        name: fc.constantFrom(...EVENT_NAMES),
        ts: fc.integer({ min: 0, max: NOON * 2 }),
        sku: fc.constantFrom('oolong', 'mug', 'nobody-knows'),
        value: fc.integer({ min: 0, max: 1e9 }),
        dwellMs: fc.integer({ min: 0, max: 1e9 }),
        rating: fc.integer({ min: 0, max: 5 }),
        promotion: fc.constantFrom('tea-20', 'gone'),
        items: fc.array(
          fc.record({ sku: fc.constantFrom('sencha', 'zzz'), quantity: fc.nat(1e6), price: fc.nat(1e9) }),
        ),
      },
      { requiredKeys: ['visitor', 'name'] },
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (history) => {
        const values = contextOf(digestOf({ history } as DecisionRequest, SURROUNDINGS));
        expect(values.length).toBe(contextWidth(SPEC));
        for (const value of values) expect(Math.abs(value)).toBeLessThan(16);
      }),
    );
  });
});
