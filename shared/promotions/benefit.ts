/** What a promotion would be worth to the shopper: an input of the policy, not the price that is charged. */

import type { Minor } from '../money.ts';
import type { Terms } from '../promotion.ts';

/** What the terms apply to. All in minor units. */
export interface Basket {
  /** Value of all of it. */
  total: Minor;
  /** Value of what is in the promotion's scope. */
  inScope: Minor;
}

/**
 * The saving the terms promise on a basket, in minor units, 0 where its minimum is not reached. Gifts, shipping
 * and points have no price that the device knows and count as 0. Rounding, stacking and caps are the till's affair.
 */
export function benefitOf(terms: Terms, basket: Basket): number {
  const minimum = minimumOf(terms);
  if (minimum !== undefined && basket.total < minimum) return 0;
  const share = percentOf(terms) / 100;
  const amount = amountOf(terms);
  return Math.min(basket.inScope, amount > 0 ? amount : share * basket.inScope);
}

/** Percent off what is in scope, 0 to 100; of "buy b get g" the share of b + g units that it takes off. */
export function percentOf(terms: Terms): number {
  switch (terms.type) {
    case 'percentage':
    case 'flash_sale':
      return terms.percent;
    case 'coupon':
    case 'bundle':
      return terms.percent ?? 0;
    case 'buy_x_get_y':
      return (terms.percent * terms.get) / (terms.buy + terms.get);
    default:
      return 0;
  }
}

/** A fixed sum off, in minor units; 0 where there is none. */
export function amountOf(terms: Terms): Minor {
  return terms.type === 'fixed_amount' || terms.type === 'coupon' ? (terms.amount ?? 0) : 0;
}

/** The basket value from which the terms hold, in minor units. */
export function minimumOf(terms: Terms): Minor | undefined {
  return terms.type === 'fixed_amount' || terms.type === 'coupon' || terms.type === 'free_shipping'
    ? terms.minimum
    : undefined;
}
