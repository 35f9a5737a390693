/** As many promotions as are asked for: every kind in turn, each time deeper, some for a category alone. */

import type { Promotion } from '../../shared/promotion.ts';

/** By kind; `depth` counts from 1. Minor units. */
const KINDS: ((depth: number, category: string) => Omit<Promotion, 'id'>)[] = [
  (depth) => ({ terms: { type: 'percentage', percent: 5 * depth } }),
  (depth, category) => ({ terms: { type: 'percentage', percent: 5 + 5 * depth }, scope: { category } }),
  (depth) => ({
    terms: { type: 'fixed_amount', amount: 200 * depth, minimum: 2500 + 500 * depth },
    currency: 'EUR',
  }),
  (depth) => ({ terms: { type: 'free_shipping', minimum: 1000 * (depth - 1) }, currency: 'EUR' }),
  (depth) => ({ terms: { type: 'coupon', percent: 4 + 4 * depth } }),
  (depth) => ({ terms: { type: 'loyalty_points', points: 60 * depth } }),
  (depth) => ({ terms: { type: 'gift' }, costPerUse: 80 * depth }),
  (depth) => ({ terms: { type: 'buy_x_get_y', buy: 1 + depth, get: 1, percent: 100 } }),
  (depth, category) => ({ terms: { type: 'flash_sale', percent: 8 + 4 * depth }, scope: { category } }),
  () => ({ terms: { type: 'message' } }),
];

/** @param categories that promotions for a part of the catalogue are about, in turn */
export function manyPromotions(count: number, categories: readonly string[]): Promotion[] {
  return Array.from({ length: count }, (_, i) => {
    const depth = 1 + Math.floor(i / KINDS.length);
    const own = KINDS[i % KINDS.length]!(depth, categories[depth % categories.length]!);
    return { id: `${own.terms.type}-${depth}`, ...own };
  });
}
