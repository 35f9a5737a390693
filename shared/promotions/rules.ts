/** The rules of a promotion that hold or not before any price is known: time, eligibility, caps. */

import type { Promotion } from '../promotion.ts';
import type { Cart } from './cart.ts';
import type { Refusal } from './discounts/discount.ts';
import { eligible } from './eligibility.ts';
import type { Facts } from './facts.ts';
import { whyNotAt } from './schedule.ts';

type Ruled = Pick<Promotion, 'id' | 'terms' | 'schedule' | 'eligibility' | 'caps'>;

/** The first rule that is broken. Caps are checked where the facts know uses. */
export function brokenRule(promotion: Ruled, facts: Facts, cart: Pick<Cart, 'lines'>): Refusal | undefined {
  const { id, eligibility, caps } = promotion;
  const closed = facts.now === undefined ? undefined : whyNotAt(promotion, facts.now, facts.timeZone);
  if (closed !== undefined) return { code: closed };
  const verdict = eligible(eligibility, facts, cart);
  if (!verdict.eligible) {
    const { code, detail } = verdict.failed[0] ?? { code: 'none-of-any', detail: {} };
    return { code: 'not-eligible', detail: { ...detail, condition: code } };
  }
  const { uses } = facts;
  if (uses === undefined) return undefined;
  if (caps?.perShopper !== undefined && uses.bySubject(id) >= caps.perShopper)
    return { code: 'cap-shopper', detail: { needs: caps.perShopper, has: uses.bySubject(id) } };
  if (caps?.total !== undefined && uses.total(id) >= caps.total)
    return { code: 'cap-total', detail: { needs: caps.total, has: uses.total(id) } };
  return undefined;
}
