/** What each type of promotion takes off, in the order in which equal priorities are applied. */

import type { PromotionType, Terms } from '../../promotion.ts';
import type { Discount } from '../basket.ts';
import { bundle } from './bundle.ts';
import { buyXGetY } from './buy-x-get-y.ts';
import { type DiscountContext, type DiscountRule, NOTHING, type Refusal, type TermsOf } from './discount.ts';
import { share } from './share.ts';
import { coupon, sumOff } from './sum-off.ts';

/** Gifts, points and messages take nothing off the price. */
const nothing: DiscountRule<Terms> = () => NOTHING;

const freeShipping: DiscountRule<Terms> = (_, { basket }) => ({ ...NOTHING, shipping: basket.shipping });

/**
 * Reduced prices first, then sets and pieces, then percentages and sums off the order, then shipping: a percentage off
 * the order is taken of what the reductions left, never of the price before them.
 */
const RULES: { [T in PromotionType]: { rank: number; discount: DiscountRule<TermsOf<T>> } } = {
  flash_sale: { rank: 0, discount: share },
  bundle: { rank: 1, discount: bundle },
  buy_x_get_y: { rank: 2, discount: buyXGetY },
  percentage: { rank: 3, discount: share },
  coupon: { rank: 4, discount: coupon },
  fixed_amount: { rank: 5, discount: sumOff },
  free_shipping: { rank: 6, discount: freeShipping },
  gift: { rank: 7, discount: nothing },
  loyalty_points: { rank: 8, discount: nothing },
  message: { rank: 9, discount: nothing },
  none: { rank: 10, discount: nothing },
};

export const rankOf = (type: PromotionType): number => RULES[type].rank;

/** What terms take off a basket as it stands, or why nothing. Changes nothing. */
export function discountOf(terms: Terms, context: DiscountContext): Discount | Refusal {
  const rule = RULES[terms.type].discount as DiscountRule<Terms>;
  return rule(terms, context);
}

/** Whether a promotion of this type is there for what it takes off the price. */
export function takesOff(type: PromotionType): boolean {
  return RULES[type].discount !== nothing;
}
