/** A sum off what is in scope, never more than it still costs. */

import type { Minor } from '../../money.ts';
import { sum } from '../basket.ts';
import { type DiscountRule, offLines, openOf, type TermsOf } from './discount.ts';
import { share } from './share.ts';

export const sumOff: DiscountRule<{ amount: Minor }> = ({ amount }, { basket, scope }) => {
  const open = openOf(basket, scope);
  return offLines(Math.min(amount, sum(open)), scope, open);
};

export const coupon: DiscountRule<TermsOf<'coupon'>> = ({ percent, amount }, context) =>
  percent === undefined ? sumOff({ amount: amount ?? 0 }, context) : share({ percent }, context);
