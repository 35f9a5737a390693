/** A sensible set of promotions for a shop that has none yet, from its own prices. */

import type { Promotion } from '../../shared/promotion.ts';
import type { Catalogue } from './catalogue.ts';

/**
 * One of each kind that matters: two depths of percentage, an amount with a minimum, free shipping, a scoped
 * percentage for the two most wanted categories, a coupon, points, a gift and a message that costs nothing.
 * @param typicalBasket minor units of the currency
 */
export function builtInPromotions(
  catalogue: Catalogue,
  typicalBasket: number,
  currency: string,
): Promotion[] {
  const amount = roundMoney(typicalBasket * 0.15);
  return [
    { id: 'percent-10', terms: { type: 'percentage', percent: 10 } },
    { id: 'percent-20', terms: { type: 'percentage', percent: 20 } },
    {
      id: 'amount-off',
      terms: { type: 'fixed_amount', amount, minimum: roundMoney(typicalBasket * 1.3) },
      currency,
    },
    { id: 'free-shipping', terms: { type: 'free_shipping' } },
    ...widestCategories(catalogue).map(
      (category): Promotion => ({
        id: `category-15-${slug(category)}`,
        terms: { type: 'percentage', percent: 15 },
        scope: { category },
      }),
    ),
    { id: 'coupon-15', terms: { type: 'coupon', percent: 15 } },
    { id: 'points', terms: { type: 'loyalty_points', points: roundMoney(typicalBasket * 0.08) } },
    { id: 'gift', terms: { type: 'gift' }, costPerUse: roundMoney(typicalBasket * 0.05) },
    { id: 'message', terms: { type: 'message' } },
  ];
}

/** Rounded to one and a half digits (1, 1.5, 2, 3, 5, 7 ...), as promised amounts are. Minor units, at least 1. */
export function roundMoney(minor: number): number {
  if (minor < 1) return 1;
  const power = 10 ** Math.floor(Math.log10(minor));
  const digits = minor / power;
  const steps = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 10];
  const nearest = steps.reduce((best, step) =>
    Math.abs(step - digits) < Math.abs(best - digits) ? step : best,
  );
  return Math.max(1, Math.round(nearest * power));
}

/** The two top-level categories with the most products, if there are several. */
function widestCategories(catalogue: Catalogue): string[] {
  const count = new Map<string, number>();
  for (const { category } of catalogue.products) {
    const top = category[0];
    if (top !== undefined) count.set(top, (count.get(top) ?? 0) + 1);
  }
  if (count.size < 2) return [];
  return [...count]
    .sort((left, right) => right[1] - left[1])
    .slice(0, 2)
    .map(([name]) => name);
}

const slug = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-');
