/** A sum off what is in scope, never more than it still costs. */

import { allocate, type Minor } from '../../money.ts';
import { sum } from '../basket.ts';
import { type DiscountRule, openInScope, type TermsOf } from './discount.ts';
import { share } from './share.ts';

export const sumOff: DiscountRule<{ amount: Minor }> = ({ amount }, context) => {
  const open = openInScope(context);
  return { lines: allocate(Math.min(amount, sum(open)), open), shipping: 0 };
};

export const coupon: DiscountRule<TermsOf<'coupon'>> = ({ percent, amount }, context) =>
  percent === undefined ? sumOff({ amount: amount ?? 0 }, context) : share({ percent }, context);
