import { describe, expect, it } from 'vitest';
import { readPromotion } from '../../../shared/promotion.ts';
import { worstCaseOf } from '../../../shared/promotions/worst-case.ts';

const worst = (raw: object, shipping?: number) =>
  worstCaseOf(readPromotion({ id: 'p', ...raw }, 'EUR'), shipping);

describe('the worst case of a promotion', () => {
  it.each([
    [
      'a sum times its cap',
      { type: 'coupon', amount: 5, caps: { total: 100 } },
      { perUse: 500, spend: 50_000 },
    ],
    [
      'the budget where that is less',
      { type: 'coupon', amount: 5, caps: { total: 100 }, budget: 300 },
      { perUse: 500, spend: 30_000 },
    ],
    [
      'unbounded for a bare percentage',
      { type: 'percentage', percent: 5 },
      { perUse: undefined, spend: undefined },
    ],
    [
      'a percentage by its maximum',
      { type: 'percentage', percent: 5, maximum_discount: 20, caps: { total: 3 } },
      { perUse: 2000, spend: 6000 },
    ],
    ['the budget alone', { type: 'percentage', percent: 5, budget: 10 }, { perUse: undefined, spend: 1000 }],
    [
      'what a gift costs',
      { type: 'gift', cost_per_use: 2.5, caps: { total: 4 } },
      { perUse: 250, spend: 1000 },
    ],
    ['nothing for a message', { type: 'message' }, { perUse: 0, spend: 0 }],
  ])('is %s', (_, raw, expected) => expect(worst(raw)).toEqual(expected));

  it('is the dearest shipping for free shipping', () => {
    expect(worst({ type: 'free_shipping', caps: { total: 2 } }, 490)).toEqual({ perUse: 490, spend: 980 });
  });
});
