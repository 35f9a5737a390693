/** A promotion as files and the API carry it: what `readPromotion` reads. */

import { defined } from '../defined.ts';
import { type Minor, toMajor } from '../money.ts';
import type { Promotion } from '../promotion.ts';
import type { Eligibility, Expression, NumberComparison } from './eligibility.ts';

const MONEY = new Set(['amount', 'minimum', 'price']);

/** `readPromotion(writePromotion(p, currency), currency)` is `p`. @param shopCurrency of amounts, unless `p` names its own */
export function writePromotion(promotion: Promotion, shopCurrency: string): Record<string, unknown> {
  const { terms, exclusiveGroup, maximumDiscount, costPerUse, schedule, eligibility, caps, budget, ...same } =
    promotion;
  const { unread, attributes, ...rest } = same;
  const currency = promotion.currency ?? shopCurrency;
  const major = (amount: Minor): number => toMajor(amount, currency);
  const written = Object.entries(terms).map(([key, value]) => [
    key,
    MONEY.has(key) ? major(value as Minor) : value,
  ]);
  const rules = defined({
    exclusive_group: exclusiveGroup,
    maximum_discount: maximumDiscount === undefined ? undefined : major(maximumDiscount),
    cost_per_use: costPerUse === undefined ? undefined : major(costPerUse),
    schedule:
      schedule === undefined
        ? undefined
        : { ...renamed(schedule, 'timeZone', 'time_zone'), ...under(unread, 'schedule') },
    eligibility: eligibility === undefined ? unread?.eligibility : writeEligibility(eligibility, currency),
    caps:
      caps === undefined
        ? unread?.caps
        : {
            ...renamed(renamed(caps, 'perShopper', 'per_shopper'), 'perOrder', 'per_order'),
            ...under(unread, 'caps'),
          },
    budget:
      budget === undefined ? unread?.budget : { amount: major(budget.amount), ...under(unread, 'budget') },
  });
  return { ...rest, ...Object.fromEntries(written), ...rules, ...attributes };
}

export function writeEligibility(eligibility: Eligibility, currency: string): Record<string, unknown> {
  const { version, ...expression } = eligibility;
  return { version, ...writeExpression(expression as Expression, currency) };
}

function writeExpression(expression: Expression, currency: string): Record<string, unknown> {
  if ('all' in expression) return { all: expression.all.map((part) => writeExpression(part, currency)) };
  if ('any' in expression) return { any: expression.any.map((part) => writeExpression(part, currency)) };
  if ('cart' in expression && expression.cart === 'total') {
    const { cart, ...compared } = expression;
    const amounts = Object.entries(compared satisfies NumberComparison).map(([key, value]) => [
      key,
      toMajor(value, currency),
    ]);
    return { cart, ...Object.fromEntries(amounts) };
  }
  if ('not' in expression && !('attribute' in expression))
    return { not: writeExpression(expression.not, currency) };
  return { ...expression };
}

function renamed(object: object, from: string, to: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key === from ? to : key, value]));
}

/** Fields of a rule that could not be read go back to where they stood. */
function under(unread: Promotion['unread'], rule: string): object {
  const held = unread?.[rule];
  return typeof held === 'object' && held !== null ? held : {};
}
