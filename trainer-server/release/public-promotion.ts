/** A promotion as it leaves the trainer. */

import type { PublicPromotion } from '../../shared/bundle.ts';
import type { Promotion } from '../../shared/promotion.ts';

/** Costs, budgets, caps and a shop's own notes tell competitors and shoppers what is none of their business. */
export function publicPromotion(promotion: Promotion): PublicPromotion {
  const {
    costPerUse: _cost,
    budget: _budget,
    caps: _caps,
    attributes: _attributes,
    unread: _unread,
    ...open
  } = promotion;
  return open;
}
