import { describe, expect, it } from 'vitest';
import type { DecisionRequest } from '../../../shared/decision.ts';
import type { ActionPromotion } from '../../../shared/features/actions.ts';
import { disclosureOf, type MaskSettings, maskOf } from '../../../shared/promotions/masks.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-22T12:00:00Z');
const TEN: ActionPromotion = { id: 'ten', terms: { type: 'percentage', percent: 10 } };

const mask = (promotion: ActionPromotion, request: Partial<DecisionRequest> = {}, settings?: MaskSettings) =>
  maskOf({ request: { history: [], ...request }, now: NOW, cart: CART }, settings)(promotion);
const CART = [
  { sku: 'mug', quantity: 2, price: 1800, facts: { row: 0, category: ['Table', 'Mugs'], brand: 'Kiln' } },
  { sku: 'unknown', quantity: 1, price: undefined, facts: undefined },
];

describe('the masks of a promotion', () => {
  it('let it be shown where nothing stands against it', () => {
    expect(mask(TEN)).toBeUndefined();
  });

  it('keep away what the shopper is not interested in', () => {
    expect(mask(TEN, { dismissed: ['ten'] })).toEqual({ code: 'dismissed', promotion: 'ten' });
    expect(mask(TEN, { dismissed: ['other'] })).toBeUndefined();
  });

  it('keep an advertisement to the placements that it is booked for', () => {
    const booked = { ...TEN, placements: ['home', 'cart'] };
    expect(mask(booked, { slot: 'product' })).toEqual({
      code: 'placement',
      promotion: 'ten',
      detail: { slot: 'product' },
    });
    expect(mask(booked, { slot: 'cart' })).toBeUndefined();
    expect(mask(booked)).toBeUndefined();
  });

  it('count exposures of the last days only, and those without a time always', () => {
    const twice = { ...TEN, frequency: { exposures: 2, days: 7 } };
    const shown = (...ages: (number | undefined)[]): DecisionRequest['history'] =>
      ages.map((age) => ({
        visitor: 'v',
        name: 'view_promotion',
        promotion: 'ten',
        ...(age === undefined ? {} : { ts: NOW - age * DAY }),
      }));
    expect(mask(twice, { history: shown(8, 1) })).toBeUndefined();
    expect(mask(twice, { history: shown(7, 6.9) })).toBeUndefined();
    expect(mask(twice, { history: shown(6.9, 1) })).toEqual({
      code: 'shown-often',
      promotion: 'ten',
      detail: { shown: 2, exposures: 2, days: 7 },
    });
    expect(mask(twice, { history: shown(undefined, undefined) })?.code).toBe('shown-often');
  });

  it('read schedules in the shop’s zone', () => {
    // 12:00 in UTC is 21:00 in Tokyo.
    const evening = { ...TEN, schedule: { windows: [{ from: '20:00', to: '22:00' }] } };
    expect(mask(evening)).toEqual({ code: 'not-scheduled', promotion: 'ten' });
    expect(mask(evening, {}, { timeZone: 'Asia/Tokyo' })).toBeUndefined();
  });

  it('evaluate eligibility on the request’s cart, attributes, segments and locale', () => {
    const ask = (eligibility: object) =>
      ({ ...TEN, eligibility: { version: 1, ...eligibility } }) as ActionPromotion;
    expect(mask(ask({ category: 'mugs', at_least: 2 }))).toBeUndefined();
    expect(mask(ask({ cart: 'total', at_least: 4000 }))).toEqual({
      code: 'not-eligible',
      promotion: 'ten',
      detail: { condition: 'cart-total', needs: 4000, has: 3600, missing: 400 },
    });
    expect(mask(ask({ attribute: 'tier', is: 'gold' }), { attributes: { tier: 'gold' } })).toBeUndefined();
    expect(mask(ask({ attribute: 'tier', is: 'gold' }))?.detail?.condition).toBe('attribute-unknown');
    expect(mask(ask({ segment: 'vip' }), { segments: ['vip'] })).toBeUndefined();
    expect(mask(ask({ locale: 'zh' }), { locale: 'zh-CN' }, { locale: 'en' })).toBeUndefined();
    expect(mask(ask({ locale: 'zh' }), {}, { locale: 'en' })?.detail?.condition).toBe('locale');
  });

  it('keep away what the law forbids, and say what', () => {
    const law = {
      untrue: { ten: { sku: 'mug', price: 1800, prior: 1500 } },
      urgent: { ten: 'x', rush: 'no end' },
    };
    expect(mask(TEN, {}, { law })).toEqual({
      code: 'prior-price',
      promotion: 'ten',
      detail: { sku: 'mug', price: 1800, prior: 1500 },
    });
    expect(mask({ ...TEN, id: 'rush' }, {}, { law })).toEqual({
      code: 'false-urgency',
      promotion: 'rush',
      detail: { wrong: 'no end' },
    });
  });
});

describe('the disclosure of a price that an algorithm chose', () => {
  const settings = { law: { untrue: {}, urgent: {}, disclosure: 'eu-personalised-price' } };
  const personal: DecisionRequest = { history: [], attributes: { tier: 'gold' } };

  it('stands beside a reduced price chosen from personal data', () => {
    expect(disclosureOf(TEN, personal, settings)).toEqual({
      code: 'personalised-price',
      promotion: 'ten',
      detail: { text: 'eu-personalised-price' },
    });
  });

  it('is not owed where nothing is known, nothing is reduced, or no law asks', () => {
    expect(disclosureOf(TEN, { history: [] }, settings)).toBeUndefined();
    expect(disclosureOf({ id: 'm', terms: { type: 'message' } }, personal, settings)).toBeUndefined();
    expect(disclosureOf(TEN, personal, {})).toBeUndefined();
  });
});
