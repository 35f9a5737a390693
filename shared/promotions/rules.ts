/** The rules of a promotion that hold or not before any price is known: time and eligibility, on a device as at the till. */

import type { Promotion } from '../promotion.ts';
import type { Cart } from './cart.ts';
import type { Refusal } from './discounts/discount.ts';
import { eligible } from './eligibility.ts';
import type { Facts } from './facts.ts';
import { whyNotAt } from './schedule.ts';

type Ruled = Pick<Promotion, 'terms' | 'schedule' | 'eligibility'>;

/** The first rule that is broken. */
export function brokenRule(promotion: Ruled, facts: Facts, cart: Pick<Cart, 'lines'>): Refusal | undefined {
  const closed = facts.now === undefined ? undefined : whyNotAt(promotion, facts.now, facts.timeZone);
  if (closed !== undefined) return { code: closed };
  const verdict = eligible(promotion.eligibility, facts, cart);
  if (verdict.eligible) return undefined;
  const { code, detail } = verdict.failed[0] ?? { code: 'none-of-any', detail: {} };
  return { code: 'not-eligible', detail: { ...detail, condition: code } };
}
