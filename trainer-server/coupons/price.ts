/** What coupons take off a cart, and give back of it: the till of `shared/promotions`, seen from a budget. */

import { BadInput, show } from '../../shared/errors.ts';
import type { Minor } from '../../shared/money.ts';
import type { Promotion } from '../../shared/promotion.ts';
import type { Cart } from '../../shared/promotions/cart.ts';
import type { Facts } from '../../shared/promotions/facts.ts';
import { type PricedCart, priceCart } from '../../shared/promotions/price-cart.ts';
import { type Returned, refundOf } from '../../shared/promotions/refund.ts';
import { worstCaseOf } from '../../shared/promotions/worst-case.ts';
import type { Budget } from './ledger.ts';
import type { CouponPromotion } from './promotions.ts';
import { Refusal } from './refusal.ts';

/**
 * What a claim reserves: the most that one use can cost, minor units.
 * @throws BadInput where nothing bounds it: a budget cannot be kept by promises without an end
 */
export function reserveOf(promotion: Promotion): Minor {
  const { perUse } = worstCaseOf(promotion);
  if (perUse !== undefined) return perUse;
  const fix = 'Say what one use may take off at most: each claim reserves that much of the budget';
  throw new BadInput({ field: 'maximum_discount' }, 'an amount', 'none', fix);
}

/** @throws Refusal, BadInput where the promotion cannot be paid out of this budget */
export function checkOffer(promotion: Promotion, id: string, budget: Budget | undefined): void {
  reserveOf(promotion);
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
 * As its claim promised it: that the promotion ran was asked when it was claimed, and the code is good until the claim
 * expires, although its happy hour be over. What the cart and the customer must fulfil is asked here again.
 */
function promised({ schedule: _schedule, ...promotion }: Promotion): Promotion {
  const { terms } = promotion;
  return terms.type === 'flash_sale'
    ? { ...promotion, terms: { type: terms.type, percent: terms.percent } }
    : promotion;
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
    promotions.map(({ promotion }) => promised(promotion)),
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

export interface GivenBack {
  amount: Minor;
  /** All of the order has come back. */
  whole: boolean;
  /** What came back now. */
  returned: Returned[];
}

/**
 * What a budget gets back for pieces that come back: their share of what its promotion took off them. What was not
 * taken off lines (shipping, gifts, points) comes with the last piece of the order.
 * @param left of what the promotion had cost, minor units
 * @param returned all that are left where absent
 * @throws BadInput for pieces that the order does not have
 */
export function givenBack(
  priced: PricedCart,
  promotion: string,
  left: Minor,
  already: readonly Returned[],
  returned: readonly Returned[] = remaining(priced, already),
): GivenBack {
  const { reversed, complete } = refundOf(priced, returned, already);
  const share = reversed.find((one) => one.promotion === promotion)?.amount ?? 0;
  return { amount: complete ? left : share, whole: complete, returned: [...returned] };
}

function remaining({ lines }: PricedCart, already: readonly Returned[]): Returned[] {
  const back = (line: string): number =>
    already.reduce((sum, { id, quantity }) => (id === line ? sum + quantity : sum), 0);
  return lines
    .map(({ id, quantity }) => ({ id, quantity: quantity - back(id) }))
    .filter(({ quantity }) => quantity > 0);
}
