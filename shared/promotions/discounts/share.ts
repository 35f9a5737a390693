/** A percentage off everything in scope. */

import { percentageOf } from '../../money.ts';
import { sum } from '../basket.ts';
import { type DiscountRule, offLines, openOf } from './discount.ts';

/**
 * Of what is still to pay in scope, rounded once for the whole scope and then allocated: ten lines do not round ten
 * times, and how an order is split into lines does not change what it costs.
 */
export const share: DiscountRule<{ percent: number }> = ({ percent }, { basket, scope }) => {
  const open = openOf(basket, scope);
  return offLines(percentageOf(sum(open), percent), scope, open);
};
