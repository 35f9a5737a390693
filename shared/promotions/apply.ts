/** Taking promotions off a basket one after the other. */

import type { Minor } from '../money.ts';
import type { Promotion } from '../promotion.ts';
import type { Candidate } from './admit.ts';
import { amountOf, type Basket, copyOf, type Discount, take } from './basket.ts';
import { isRefusal, type Refusal } from './discounts/discount.ts';
import { discountOf, rankOf, takesOff } from './discounts/index.ts';

export interface Outcome {
  /** What is left to pay. */
  basket: Basket;
  /** In order of application. */
  taken: { promotion: Promotion; discount: Discount; amounts: readonly Minor[] }[];
  refused: { promotion: Promotion; refusal: Refusal }[];
}

/** Applies candidates by priority, type and id, each to what those before left. Leaves the basket as it is. */
export function applyAll(candidates: readonly Candidate[], before: Basket): Outcome {
  const basket = copyOf(before);
  const out: Outcome = { basket, taken: [], refused: [] };
  let untouched = true;
  for (const candidate of [...candidates].sort(byOrder)) {
    const { promotion } = candidate;
    const discount: Discount | Refusal = untouched ? candidate.alone : reduce(candidate, basket);
    const refusal = isRefusal(discount) ? discount : whyNot(candidate, discount, basket);
    if (refusal !== undefined || isRefusal(discount)) {
      out.refused.push({ promotion, refusal: refusal! });
      continue;
    }
    const amounts = take(basket, discount);
    untouched &&= amountOf(discount) === 0;
    out.taken.push({ promotion, discount, amounts });
  }
  return out;
}

/** What one promotion takes off a basket as it stands, its own maximum kept. Changes nothing. */
export function reduce(
  { promotion, scope }: Pick<Candidate, 'promotion' | 'scope'>,
  basket: Basket,
): Discount | Refusal {
  const { terms, maximumDiscount, caps } = promotion;
  const perOrder = caps?.perOrder ?? Number.POSITIVE_INFINITY;
  const discount = discountOf(terms, { basket, scope, perOrder });
  if (isRefusal(discount) || maximumDiscount === undefined || amountOf(discount) <= maximumDiscount)
    return discount;
  // Only shipping is ever discounted on its own.
  if (discount.shipping > 0) return { ...discount, shipping: maximumDiscount };
  return { ...discount, goods: maximumDiscount };
}

function whyNot(
  { promotion, frees, budgetLeft }: Candidate,
  discount: Discount,
  basket: Basket,
): Refusal | undefined {
  if (amountOf(discount) === 0 && takesOff(promotion.terms.type)) return { code: 'no-saving' };
  const refusal = overBudget(promotion, amountOf(discount), budgetLeft);
  if (refusal !== undefined) return refusal;
  // A combination must not give away an order that no single promotion would.
  const gone = basket.goods > 0 && discount.goods === basket.goods;
  return gone && !frees ? { code: 'would-be-free', detail: { left: basket.goods } } : undefined;
}

/** What a use costs: what it takes off, or the declared cost of what is given along. */
export function overBudget(
  { terms, costPerUse }: Promotion,
  amount: Minor,
  budgetLeft: Minor,
): Refusal | undefined {
  const cost = takesOff(terms.type) ? amount : (costPerUse ?? 0);
  return cost <= budgetLeft ? undefined : { code: 'budget', detail: { needs: cost, left: budgetLeft } };
}

function byOrder({ promotion: a }: Candidate, { promotion: b }: Candidate): number {
  return (
    (b.priority ?? 0) - (a.priority ?? 0) ||
    rankOf(a.terms.type) - rankOf(b.terms.type) ||
    (a.id < b.id ? -1 : 1)
  );
}
