import { describe, expect, it } from 'vitest';
import type { Promotion } from '../../../shared/promotion.ts';
import { jointOffer } from '../../../shared/recommend/joint-offer.ts';

const PRICES: Record<string, number> = { kettle: 4000, tea: 1000, honey: 500 };
const offer = (promotions: Promotion[], gone: string[] = []) =>
  jointOffer({
    cart: ['kettle'],
    complements: ['tea'],
    product: (sku) =>
      gone.includes(sku) || PRICES[sku] === undefined ? undefined : { sku, price: PRICES[sku] },
    promotions,
    currency: 'EUR',
    facts: { now: undefined },
  });

describe('jointOffer', () => {
  it('is the sum of the prices without a promotion', () => {
    expect(offer([])).toEqual({ skus: ['kettle', 'tea'], price: 5000, apart: 5000 });
  });

  it('is the price of the bundle promotion that holds the product', () => {
    const set: Promotion = { id: 'set', terms: { type: 'bundle', skus: ['kettle', 'honey'], price: 4200 } };
    const other: Promotion = { id: 'other', terms: { type: 'bundle', skus: ['tea', 'honey'], percent: 90 } };
    expect(offer([other, set])).toEqual({
      skus: ['kettle', 'honey'],
      price: 4200,
      apart: 4500,
      promotion: 'set',
    });
  });

  it('takes off what was decided: 10 % of kettle and tea are 5.00', () => {
    expect(offer([{ id: 'ten', terms: { type: 'percentage', percent: 10 } }])).toEqual({
      skus: ['kettle', 'tea'],
      price: 4500,
      apart: 5000,
      promotion: 'ten',
    });
  });

  it('names no promotion that the till refuses, and prices nothing that cannot be had', () => {
    const much: Promotion = { id: 'm', terms: { type: 'fixed_amount', amount: 1000, minimum: 9000 } };
    expect(offer([much])).toEqual({ skus: ['kettle', 'tea'], price: 5000, apart: 5000 });
    expect(offer([], ['tea'])).toBeUndefined();
  });
});
