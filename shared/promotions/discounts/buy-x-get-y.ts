/** Of every `buy + get` pieces in scope, `get` are reduced. */

import { percentageOf } from '../../money.ts';
import { priceOfPieces, sum } from '../basket.ts';
import { type DiscountContext, type DiscountRule, offLines, type TermsOf } from './discount.ts';

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
  const spare = [...basket.spare];
  const reduced = draw(lines, groups * get, spare);
  const bought = draw([...lines].reverse(), groups * buy, spare);
  const at = lines.filter((i) => reduced[i]! + bought[i]! > 0).sort((a, b) => a - b);
  const values = at.map((i) => (reduced[i] === 0 ? 0 : priceOfPieces(basket, i, reduced[i]!)));
  const used = at.map((i) => reduced[i]! + bought[i]!);
  return { ...offLines(percentageOf(sum(values), percent), at, values), used };
};

/** Lines whose pieces can be bought or reduced, least expensive first. */
function countable({ basket, scope }: DiscountContext): number[] {
  const { index, open, spare } = basket;
  const isIn = (i: number): boolean => scope === index.all || scope.includes(i);
  return index.byPrice.filter((i) => open[i]! > 0 && spare[i]! > 0 && isIn(i));
}

/** Takes the first pieces in this order of lines out of `spare`. @returns how many of each line */
function draw(order: readonly number[], pieces: number, spare: number[]): number[] {
  const out = spare.map(() => 0);
  let left = pieces;
  for (const i of order) {
    if (left === 0) break;
    out[i] = Math.min(left, spare[i]!);
    spare[i]! -= out[i]!;
    left -= out[i]!;
  }
  return out;
}
