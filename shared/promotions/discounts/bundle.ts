/** Whole sets of products at a percentage off or at a set price. */

import { percentageOf } from '../../money.ts';
import { priceOfPieces, sum } from '../basket.ts';
import { type DiscountContext, type DiscountRule, offLines, type TermsOf } from './discount.ts';

/**
 * As many sets as the cart holds, at most `perOrder`. A sku named twice is needed twice. Where several lines hold a
 * sku, the more expensive line's pieces go first. Pieces count for one quantity promotion only.
 */
export const bundle: DiscountRule<TermsOf<'bundle'>> = ({ skus, percent, price }, context) => {
  const { basket, perOrder } = context;
  const needed = new Map<string, { count: number; lines: readonly number[] }>();
  for (const sku of skus) {
    const held = needed.get(sku);
    if (held === undefined) needed.set(sku, { count: 1, lines: linesOf(sku, context) });
    else held.count++;
  }
  let sets = perOrder;
  const missing: string[] = [];
  for (const [sku, { count, lines }] of needed) {
    const pieces = sum(lines.map((i) => basket.spare[i]!));
    sets = Math.min(sets, Math.floor(pieces / count));
    if (pieces < count) missing.push(sku);
  }
  if (missing.length > 0) return { code: 'bundle-incomplete', detail: { missing: missing.join(', ') } };
  const used = new Map<number, number>();
  for (const { count, lines } of needed.values()) {
    let left = sets * count;
    for (const i of lines) {
      const pieces = Math.min(left, basket.spare[i]!);
      left -= pieces;
      if (pieces > 0) used.set(i, pieces);
    }
  }
  const at = [...used.keys()].sort((a, b) => a - b);
  const values = at.map((i) => priceOfPieces(basket, i, used.get(i)!));
  const whole = sum(values);
  const goods =
    percent === undefined ? Math.max(0, whole - sets * (price ?? 0)) : percentageOf(whole, percent);
  return { ...offLines(goods, at, values), used: at.map((i) => used.get(i)!) };
};

/** Lines of a sku that can go into a set, the most expensive first. */
function linesOf(sku: string, { basket, scope }: DiscountContext): readonly number[] {
  const { index, lines } = basket;
  const found = (index.skus.get(sku) ?? []).filter((i) => scope.includes(i));
  return found.sort((a, b) => lines[b]!.unitPrice - lines[a]!.unitPrice || a - b);
}
