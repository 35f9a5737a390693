/** What a promotion can cost at most. */

import type { Minor } from '../money.ts';
import type { Promotion } from '../promotion.ts';
import { takesOff } from './discounts/index.ts';

export interface WorstCase {
  /** Of one use; undefined where nothing bounds it, such as a percentage without a maximum. */
  perUse: Minor | undefined;
  /** Of all uses: uses times `perUse`, never more than the budget; undefined where nothing bounds it. */
  spend: Minor | undefined;
}

/** @param shipping the dearest shipping that the shop charges, which bounds free shipping */
export function worstCaseOf(promotion: Promotion, shipping?: Minor): WorstCase {
  const { caps, budget } = promotion;
  const perUse = perUseOf(promotion, shipping);
  const byCap = perUse === undefined || caps?.total === undefined ? undefined : perUse * caps.total;
  // Zero a use stays zero, however often.
  const bounds = [perUse === 0 ? 0 : byCap, budget?.amount].filter((bound) => bound !== undefined);
  return { perUse, spend: bounds.length === 0 ? undefined : Math.min(...bounds) };
}

function perUseOf(
  { terms, maximumDiscount, costPerUse }: Promotion,
  shipping: Minor | undefined,
): Minor | undefined {
  if (!takesOff(terms.type)) return costPerUse ?? 0;
  const stated =
    terms.type === 'fixed_amount' || terms.type === 'coupon'
      ? terms.amount
      : terms.type === 'free_shipping'
        ? shipping
        : undefined;
  const bounds = [stated, maximumDiscount].filter((bound) => bound !== undefined);
  return bounds.length === 0 ? undefined : Math.min(...bounds);
}
