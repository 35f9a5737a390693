/**
 * What a cart costs: the one till of shop, server and tests. Integer arithmetic throughout; each figure is rounded
 * once, half up, where a share of a price is taken.
 *
 * Declared order: of an exclusive group and among promotions that do not stack, what saves most is chosen, each
 * measured alone on the untouched cart. Then the chosen ones are applied by priority (the higher first), type (see
 * `discounts/index.ts`) and id, each on what those before left to pay. Neither the order of the lines nor that of the
 * promotions in their list changes any figure.
 */

import type { Minor } from '../money.ts';
import type { Promotion } from '../promotion.ts';
import { admit } from './admit.ts';
import type { Outcome } from './apply.ts';
import { amountOf, type Basket, basketOf, sum } from './basket.ts';
import { type Cart, checkAmount, checkCart } from './cart.ts';
import { combine } from './combine.ts';
import type { RefusalCode } from './discounts/discount.ts';
import type { Facts } from './facts.ts';
import { taxesOf } from './tax.ts';

export interface LineDiscount {
  promotion: string;
  amount: Minor;
}

export interface PricedLine {
  id: string;
  quantity: number;
  /** Before promotions. */
  gross: Minor;
  /** In order of application; amounts above 0 only. */
  discounts: LineDiscount[];
  /** `gross` less the discounts. Contains `tax` where the shop's prices include it. */
  net: Minor;
  tax: Minor;
}

export interface Applied {
  promotion: string;
  /** Taken off goods and shipping together. */
  amount: Minor;
  gifts?: { sku: string; quantity: number }[];
  points?: number;
}

export interface Refused {
  promotion: string;
  code: RefusalCode;
  /** For people: what it needs, what there is, what is missing. Amounts in minor units. */
  detail: Record<string, string | number | boolean>;
}

export interface PricedCart {
  currency: string;
  /** Whether `net` amounts include tax. */
  taxed: 'included' | 'excluded' | 'none';
  /** In the cart's order. */
  lines: PricedLine[];
  shipping: { gross: Minor; discounts: LineDiscount[]; net: Minor; tax: Minor };
  /** In order of application. */
  applied: Applied[];
  refused: Refused[];
  /** Sum of the lines' `net`. */
  goods: Minor;
  /** Of goods and shipping. */
  tax: Minor;
  /** What the shopper pays: goods, shipping, and tax where prices exclude it. */
  total: Minor;
}

/**
 * Prices a cart under promotions. Pure; answers for every cart that is one and every list of promotions.
 * @throws BadInput for what is no cart: a negative or fractional quantity or amount, an id twice, an unknown tax class
 */
export function priceCart(cart: Cart, promotions: readonly Promotion[], facts: Facts): PricedCart {
  checkCart(cart);
  const basket = basketOf(cart);
  const admission = admit(cart, basket, promotions, facts);
  const outcome = combine(admission.candidates, basket);
  return {
    ...settle(cart, basket, outcome),
    applied: outcome.taken.map(({ promotion, discount }) => appliedOf(promotion, amountOf(discount))),
    refused: [...admission.refused, ...outcome.refused].map(({ promotion, refusal }) => ({
      promotion: promotion.id,
      code: refusal.code,
      detail: refusal.detail ?? {},
    })),
  };
}

function appliedOf({ id, terms }: Promotion, amount: Minor): Applied {
  return {
    promotion: id,
    amount,
    ...(terms.type === 'gift' && terms.sku !== undefined ? { gifts: [{ sku: terms.sku, quantity: 1 }] } : {}),
    ...(terms.type === 'loyalty_points' ? { points: terms.points } : {}),
  };
}

/** Lines in the cart's order, tax, and the sums. */
function settle(
  cart: Cart,
  { gross }: Basket,
  { basket, taken }: Outcome,
): Omit<PricedCart, 'applied' | 'refused'> {
  const { lines, open, goods, shipping } = basket;
  const classes = [...lines.map(({ taxClass }) => taxClass), cart.shippingTaxClass];
  const taxes = taxesOf(cart, [...open, shipping], classes);
  const priced = lines.map(
    ({ id, quantity }, i): PricedLine => ({
      id,
      quantity,
      gross: gross[i]!,
      discounts: [],
      net: open[i]!,
      tax: taxes[i]!,
    }),
  );
  const shippingDiscounts: LineDiscount[] = [];
  for (const { promotion, discount, amounts } of taken) {
    discount.at.forEach((i, k) => {
      const amount = amounts[k]!;
      if (amount > 0) priced[i]!.discounts.push({ promotion: promotion.id, amount });
    });
    if (discount.shipping > 0) shippingDiscounts.push({ promotion: promotion.id, amount: discount.shipping });
  }
  const byId = new Map(priced.map((line) => [line.id, line]));
  const tax = sum(taxes);
  const total = goods + shipping + (cart.tax === 'excluded' ? tax : 0);
  checkAmount(total, 'taxRates');
  return {
    currency: cart.currency,
    taxed: cart.tax ?? 'none',
    lines: cart.lines.map(({ id }) => byId.get(id)!),
    shipping: { gross: cart.shipping, discounts: shippingDiscounts, net: shipping, tax: taxes.at(-1)! },
    goods,
    tax,
    total,
  };
}
