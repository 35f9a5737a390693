import { describe, expect, it } from 'vitest';
import type { Terms } from '../../../shared/promotion.ts';
import { benefitOf } from '../../../shared/promotions/benefit.ts';

const cases: { what: string; terms: Terms; total: number; inScope: number; benefit: number }[] = [
  {
    what: 'percent of what is in scope',
    terms: { type: 'percentage', percent: 20 },
    total: 5000,
    inScope: 3000,
    benefit: 600,
  },
  { what: 'a sum', terms: { type: 'fixed_amount', amount: 500 }, total: 5000, inScope: 5000, benefit: 500 },
  {
    what: 'a sum never above what is in scope',
    terms: { type: 'fixed_amount', amount: 500 },
    total: 5000,
    inScope: 200,
    benefit: 200,
  },
  {
    what: 'nothing below the minimum',
    terms: { type: 'coupon', percent: 10, minimum: 5001 },
    total: 5000,
    inScope: 5000,
    benefit: 0,
  },
  {
    what: 'a coupon at its minimum',
    terms: { type: 'coupon', percent: 10, minimum: 5000 },
    total: 5000,
    inScope: 5000,
    benefit: 500,
  },
  {
    what: 'one of three units for "buy 2 get 1"',
    terms: { type: 'buy_x_get_y', buy: 2, get: 1, percent: 100 },
    total: 3000,
    inScope: 3000,
    benefit: 1000,
  },
  { what: 'nothing for a message', terms: { type: 'message' }, total: 5000, inScope: 5000, benefit: 0 },
];

describe('the benefit of a promotion', () => {
  for (const { what, terms, total, inScope, benefit } of cases) {
    it(`is ${what}`, () => expect(benefitOf(terms, { total, inScope })).toBeCloseTo(benefit, 9));
  }
});
