/** Of every `buy + get` pieces in scope, `get` are reduced. */

import { allocate, percentageOf } from '../../money.ts';
import { priceOfPieces, sum } from '../basket.ts';
import type { DiscountContext, DiscountRule, TermsOf } from './discount.ts';

/**
 * Repeats for every whole group of pieces, at most `perOrder` times. Over all groups together the reduced pieces are
 * the least expensive of the scope and the bought ones the most expensive; both count for no other quantity promotion.
 * Pieces that are free already neither count nor are reduced. Order of pieces: unit price, then line id.
 */
export const buyXGetY: DiscountRule<TermsOf<'buy_x_get_y'>> = ({ buy, get, percent }, context) => {
  const { basket, perOrder } = context;
  const lines = countable(context);
  const pieces = sum(lines.map((i) => basket.spare[i]!));
  const groups = Math.min(Math.floor(pieces / (buy + get)), perOrder);
  if (groups === 0)
    return { code: 'too-few-pieces', detail: { needs: buy + get, has: pieces, missing: buy + get - pieces } };
  const reduced = draw(lines, groups * get, basket.spare);
  const rest = basket.spare.map((spare, i) => spare - reduced[i]!);
  const bought = draw([...lines].reverse(), groups * buy, rest);
  const values = basket.lines.map((_, i) => (reduced[i] === 0 ? 0 : priceOfPieces(basket, i, reduced[i]!)));
  return {
    lines: allocate(percentageOf(sum(values), percent), values),
    shipping: 0,
    used: reduced.map((n, i) => n + bought[i]!),
  };
};

/** Lines whose pieces can be bought or reduced, least expensive first. */
function countable({ basket, inScope }: DiscountContext): number[] {
  const lines = basket.lines
    .map((_, i) => i)
    .filter((i) => inScope[i] && basket.open[i]! > 0 && basket.spare[i]! > 0);
  return lines.sort((a, b) => basket.lines[a]!.unitPrice - basket.lines[b]!.unitPrice || a - b);
}

/** The first pieces in this order of lines, as a count by line. */
function draw(order: readonly number[], pieces: number, spare: readonly number[]): number[] {
  const out = spare.map(() => 0);
  let left = pieces;
  for (const i of order) {
    out[i] = Math.min(left, spare[i]!);
    left -= out[i]!;
  }
  return out;
}
