/** A percentage off everything in scope. */

import { allocate, percentageOf } from '../../money.ts';
import { sum } from '../basket.ts';
import { type DiscountRule, openInScope } from './discount.ts';

/**
 * Of what is still to pay in scope, rounded once for the whole scope and then allocated: ten lines do not round ten
 * times, and how an order is split into lines changes nothing.
 */
export const share: DiscountRule<{ percent: number }> = ({ percent }, context) => {
  const open = openInScope(context);
  return { lines: allocate(percentageOf(sum(open), percent), open), shipping: 0 };
};
