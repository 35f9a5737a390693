/** Whole sets of products at a percentage off or at a set price. */

import { allocate, percentageOf } from '../../money.ts';
import { priceOfPieces, sum } from '../basket.ts';
import type { DiscountContext, DiscountRule, TermsOf } from './discount.ts';

/**
 * As many sets as the cart holds, at most `perOrder`. A sku named twice is needed twice. Where several lines hold a
 * sku, the more expensive line's pieces go first. Pieces count for one quantity promotion only.
 */
export const bundle: DiscountRule<TermsOf<'bundle'>> = ({ skus, percent, price }, context) => {
  const { basket, perOrder } = context;
  const needed = new Map<string, number>();
  for (const sku of skus) needed.set(sku, (needed.get(sku) ?? 0) + 1);
  let sets = perOrder;
  const missing: string[] = [];
  for (const [sku, count] of needed) {
    const held = sum(linesOf(sku, context).map((i) => basket.spare[i]!));
    sets = Math.min(sets, Math.floor(held / count));
    if (held < count) missing.push(sku);
  }
  if (missing.length > 0) return { code: 'bundle-incomplete', detail: { missing: missing.join(', ') } };
  const used = basket.lines.map(() => 0);
  for (const [sku, count] of needed) {
    let left = sets * count;
    for (const i of linesOf(sku, context)) {
      used[i] = Math.min(left, basket.spare[i]!);
      left -= used[i]!;
    }
  }
  const values = used.map((pieces, i) => (pieces === 0 ? 0 : priceOfPieces(basket, i, pieces)));
  const whole = sum(values);
  const off = percent === undefined ? Math.max(0, whole - sets * (price ?? 0)) : percentageOf(whole, percent);
  return { lines: allocate(off, values), shipping: 0, used };
};

/** Lines of a sku that can go into a set, the most expensive first. */
function linesOf(sku: string, { basket, inScope }: DiscountContext): number[] {
  const lines = basket.lines.flatMap((line, i) => (line.sku === sku && inScope[i] ? i : []));
  return lines.sort((a, b) => basket.lines[b]!.unitPrice - basket.lines[a]!.unitPrice || a - b);
}
