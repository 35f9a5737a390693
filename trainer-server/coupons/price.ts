/** What coupons take off a cart, and give back of it: the till of `shared/promotions`, seen from a budget. */

import { BadInput, show } from '../../shared/errors.ts';
import { type Minor, ratioOf } from '../../shared/money.ts';
import type { Promotion } from '../../shared/promotion.ts';
import type { Cart } from '../../shared/promotions/cart.ts';
import type { Facts } from '../../shared/promotions/facts.ts';
import { type PricedCart, priceCart } from '../../shared/promotions/price-cart.ts';
import type { Budget } from './ledger.ts';
import type { CouponPromotion } from './promotions.ts';
import { Refusal } from './refusal.ts';

/**
 * The most that one use can cost, in minor units: what it may take off, or what is given beside the price.
 * @throws BadInput where nothing bounds it: a budget cannot be kept by promises without an end
 */
export function worstCaseOf({ terms, maximumDiscount, costPerUse }: Promotion): Minor {
  switch (terms.type) {
    case 'none':
    case 'message':
    case 'gift':
    case 'loyalty_points':
      return costPerUse ?? 0;
    default: {
      const amount = 'amount' in terms ? terms.amount : undefined;
      const bound = Math.min(maximumDiscount ?? Number.POSITIVE_INFINITY, amount ?? Number.POSITIVE_INFINITY);
      if (Number.isFinite(bound)) return bound;
      const fix = 'Say what one use may take off at most: each claim reserves that much of the budget';
      throw new BadInput({ field: 'maximum_discount' }, 'an amount', 'none', fix);
    }
  }
}

/** @throws Refusal, BadInput where the promotion cannot be paid out of this budget */
export function checkOffer(promotion: Promotion, id: string, budget: Budget | undefined): void {
  worstCaseOf(promotion);
  if (budget === undefined)
    throw new Refusal('unknown-budget', `no budget ${id}: put money in first`, 'budget');
  const { currency = budget.currency } = promotion;
  if (currency !== budget.currency)
    throw new Refusal('other-currency', `it is in ${currency}, its budget in ${budget.currency}`, 'currency');
}

export interface Charge {
  priced: PricedCart;
  /** By promotion: what it takes from its budget. */
  costs: Minor[];
}

/**
 * @param facts without uses: caps and budget were taken with the claim, and it does not compete with itself
 * @throws Refusal where a promotion does not apply to this cart, saying which and why
 */
export function chargeOf(
  promotions: readonly CouponPromotion[],
  cart: Cart,
  facts: Omit<Facts, 'uses'>,
): Charge {
  for (const { id, currency } of promotions)
    if (currency !== cart.currency)
      throw new Refusal(
        'other-currency',
        `${id} is in ${currency}, the cart in ${cart.currency}`,
        'cart.currency',
      );
  const priced = priceCart(
    cart,
    promotions.map(({ promotion }) => promotion),
    facts,
  );
  const costs = promotions.map(({ id, promotion }) => {
    const applied = priced.applied.find((one) => one.promotion === id);
    if (applied !== undefined) return applied.amount > 0 ? applied.amount : (promotion.costPerUse ?? 0);
    const refused = priced.refused.find((one) => one.promotion === id);
    throw new Refusal('not-eligible', `${id}: ${refused?.code} ${show(refused?.detail ?? {})}`, 'codes');
  });
  return { priced, costs };
}

export type Returned = readonly { id: string; quantity: number }[];

export interface GivenBack {
  /** Of the amount that the promotion had cost, by everything that has come back so far. */
  cost: Minor;
  /** All of the order has come back. */
  whole: boolean;
  /** What came back now. */
  returned: Returned;
}

/**
 * What a budget gets back. Of a line's discount the share of its pieces that came back, rounded down until the last
 * piece does; what was not taken off lines (shipping, gifts, points) once the whole order has come back.
 * @param amount what the promotion had cost, minor units
 * @param before pieces that came back earlier
 * @param now pieces that come back now; all that are left where absent
 * @throws BadInput for lines or pieces that the order does not have
 */
export function returnedCost(
  { lines }: PricedCart,
  promotion: string,
  amount: Minor,
  before: Returned,
  now: Returned | undefined,
): GivenBack {
  const pieces = new Map(lines.map(({ id }) => [id, 0]));
  for (const { id, quantity } of before) pieces.set(id, pieces.get(id)! + quantity);
  const left = (id: string): number => lines.find((line) => line.id === id)!.quantity - pieces.get(id)!;
  const returned =
    now ?? lines.map(({ id }) => ({ id, quantity: left(id) })).filter(({ quantity }) => quantity > 0);
  for (const { id, quantity } of returned) {
    if (!pieces.has(id)) throw new BadInput({ field: 'returned' }, 'lines of the order', show(id));
    if (quantity > left(id))
      throw new BadInput({ field: 'returned' }, `at most ${left(id)} pieces of ${id}`, show(quantity));
    pieces.set(id, pieces.get(id)! + quantity);
  }
  const whole = lines.every(({ id }) => left(id) === 0);
  if (whole) return { cost: amount, whole, returned };
  const cost = lines.reduce((sum, { id, quantity, discounts }) => {
    const own = discounts.find((discount) => discount.promotion === promotion)?.amount ?? 0;
    return sum + ratioOf(own, pieces.get(id)!, quantity, 'down');
  }, 0);
  return { cost, whole, returned };
}
