/** Which promotions may take part at all: every rule that needs no other promotion to be known. */

import { BadInput } from '../errors.ts';
import type { Minor } from '../money.ts';
import { NONE_ID, type Promotion, type Terms } from '../promotion.ts';
import { overBudget, reduce } from './apply.ts';
import { amountOf, type Basket, type Discount, linesIn } from './basket.ts';
import { minimumOf } from './benefit.ts';
import type { Cart } from './cart.ts';
import { isRefusal, type Refusal } from './discounts/discount.ts';
import { takesOff } from './discounts/index.ts';
import type { Facts } from './facts.ts';
import { brokenRule } from './rules.ts';
import { scopeOf } from './scope.ts';

export interface Candidate {
  promotion: Promotion;
  /** Indices of the basket's lines in scope, ascending. */
  scope: readonly number[];
  /** What it takes off the untouched basket. */
  alone: Discount;
  /** Its own terms say that everything in this cart is free. */
  frees: boolean;
  budgetLeft: Minor;
}

export interface Admission {
  candidates: Candidate[];
  refused: { promotion: Promotion; refusal: Refusal }[];
}

/** @param basket untouched @throws BadInput where an id comes twice */
export function admit(cart: Cart, basket: Basket, promotions: readonly Promotion[], facts: Facts): Admission {
  const out: Admission = { candidates: [], refused: [] };
  const seen = new Set<string>();
  for (const promotion of promotions) {
    if (promotion.id === NONE_ID) continue;
    if (seen.has(promotion.id)) throw new BadInput({ field: 'promotions' }, 'each id once', promotion.id);
    seen.add(promotion.id);
    const refusal = byRules(promotion, facts, cart) ?? byMinimum(promotion.terms, basket);
    const result = refusal ?? onBasket(promotion, basket, facts);
    if ('code' in result) out.refused.push({ promotion, refusal: result });
    else out.candidates.push(result);
  }
  return out;
}

/** Rules, and what only a till asks. */
function byRules(promotion: Promotion, facts: Facts, cart: Cart): Refusal | undefined {
  const { unread, currency } = promotion;
  if (unread !== undefined) return { code: 'unread-rule', detail: { rule: Object.keys(unread).join(', ') } };
  if (currency !== undefined && currency !== cart.currency.toUpperCase())
    return { code: 'currency', detail: { needs: currency, has: cart.currency } };
  return brokenRule(promotion, facts, cart) ?? usedUp(promotion, facts);
}

/** Caps, where the facts know uses. */
function usedUp({ id, caps }: Promotion, { uses }: Facts): Refusal | undefined {
  if (uses === undefined) return undefined;
  if (caps?.perShopper !== undefined && uses.bySubject(id) >= caps.perShopper)
    return { code: 'cap-shopper', detail: { needs: caps.perShopper, has: uses.bySubject(id) } };
  if (caps?.total !== undefined && uses.total(id) >= caps.total)
    return { code: 'cap-total', detail: { needs: caps.total, has: uses.total(id) } };
  return undefined;
}

/** Minimums are of the whole cart's goods before promotions. */
function byMinimum(terms: Terms, { lines, goods }: Basket): Refusal | undefined {
  if (terms.type === 'message') return undefined;
  if (lines.length === 0) return { code: 'empty-cart' };
  const minimum = minimumOf(terms);
  if (minimum === undefined || goods >= minimum) return undefined;
  return { code: 'minimum', detail: { needs: minimum, has: goods, missing: minimum - goods } };
}

/** Scope, and what it would take off alone. */
function onBasket(promotion: Promotion, basket: Basket, facts: Facts): Candidate | Refusal {
  const { terms } = promotion;
  const scope = linesIn(basket, scopeOf(promotion));
  if (terms.type !== 'message' && scope.length === 0) return { code: 'nothing-in-scope' };
  const alone = reduce({ promotion, scope }, basket);
  if (isRefusal(alone)) return alone;
  const amount = amountOf(alone);
  if (amount === 0 && takesOff(terms.type)) return { code: 'no-saving' };
  const all = basket.goods > 0 && alone.goods === basket.goods;
  const frees = all && saysFree(terms);
  if (all && !frees) return { code: 'would-be-free', detail: missingToPay(promotion, basket) };
  const budgetLeft = budgetLeftOf(promotion, facts);
  return overBudget(promotion, amount, budgetLeft) ?? { promotion, scope, alone, frees, budgetLeft };
}

/** Terms under which a shop gives something away and says so. A sum off is no gift, however large. */
function saysFree(terms: Terms): boolean {
  if ('percent' in terms && terms.percent === 100) return true;
  return terms.type === 'bundle' && terms.price === 0;
}

/** How much more has to be in the cart, so that a sum off leaves something to pay. */
function missingToPay({ terms, maximumDiscount }: Promotion, basket: Basket): Record<string, number> {
  const amount = 'amount' in terms ? terms.amount : undefined;
  if (amount === undefined || maximumDiscount !== undefined) return {};
  const has = basket.goods;
  return { needs: amount + 1, has, missing: amount + 1 - has };
}

/** What is left of a budget, 0 where it is overspent; no bound where there is none or nobody knows. */
function budgetLeftOf({ id, budget }: Promotion, { uses }: Facts): Minor {
  if (budget === undefined || uses === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(0, budget.amount - uses.spent(id));
}
