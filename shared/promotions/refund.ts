/** Giving back part of an order, to the last unit. */

import { BadInput, show } from '../errors.ts';
import { type Minor, ratioOf } from '../money.ts';
import type { LineDiscount, PricedCart, PricedLine } from './price-cart.ts';

export interface Returned {
  /** Of the order's line. */
  id: string;
  quantity: number;
}

export interface Refund {
  lines: { id: string; quantity: number; net: Minor; tax: Minor }[];
  /** With the last piece, 0 before. */
  shipping: { net: Minor; tax: Minor };
  tax: Minor;
  /** What the shopper gets back. */
  total: Minor;
  /** Discounts that were given on what came back: the shop's budgets get them back. */
  reversed: LineDiscount[];
  /** Everything has come back. */
  complete: boolean;
}

/**
 * What pieces that come back are worth: their share of what was paid for their line, whichever promotions remain. Of a
 * line of n pieces, the first k together are its amount times k / n, rounded down, so that steps of any size and order
 * add up to exactly what was paid when the last piece is back. Shipping goes back with the last piece of the order.
 * @param already what came back before
 * @throws BadInput for pieces that the order does not have
 */
export function refundOf(
  priced: PricedCart,
  returned: readonly Returned[],
  already: readonly Returned[] = [],
): Refund {
  const before = countPieces(priced, already, 'already');
  const after = countPieces(priced, [...already, ...returned], 'returned');
  const lines = priced.lines.flatMap((line) => {
    const [from, to] = [before.get(line.id)!, after.get(line.id)!];
    const part = (amount: Minor): Minor => partOf(amount, to, line) - partOf(amount, from, line);
    return to === from
      ? []
      : [{ id: line.id, quantity: to - from, net: part(line.net), tax: part(line.tax), part, line }];
  });
  const isDone = (pieces: ReadonlyMap<string, number>): boolean =>
    priced.lines.every(({ id, quantity }) => pieces.get(id) === quantity);
  const complete = isDone(after);
  const last = complete && !isDone(before);
  const shipping = last ? { net: priced.shipping.net, tax: priced.shipping.tax } : { net: 0, tax: 0 };
  const reversed = new Map<string, Minor>();
  const reverse = ({ promotion, amount }: LineDiscount): void => {
    if (amount > 0) reversed.set(promotion, (reversed.get(promotion) ?? 0) + amount);
  };
  for (const { line, part } of lines)
    for (const { promotion, amount } of line.discounts) reverse({ promotion, amount: part(amount) });
  if (last) priced.shipping.discounts.forEach(reverse);
  const parts = [...lines, shipping];
  const net = parts.reduce((total, part) => total + part.net, 0);
  const tax = parts.reduce((total, part) => total + part.tax, 0);
  return {
    lines: lines.map(({ part: _part, line: _line, ...line }) => line),
    shipping,
    tax,
    total: priced.taxed === 'excluded' ? net + tax : net,
    reversed: [...reversed].map(([promotion, amount]) => ({ promotion, amount })),
    complete,
  };
}

function partOf(amount: Minor, pieces: number, { quantity }: PricedLine): Minor {
  return ratioOf(amount, pieces, quantity, 'down');
}

/** Pieces by line, every line of the order included. */
function countPieces(
  { lines }: PricedCart,
  returned: readonly Returned[],
  field: string,
): ReadonlyMap<string, number> {
  const quantities = new Map(lines.map(({ id, quantity }) => [id, quantity]));
  const pieces = new Map(lines.map(({ id }) => [id, 0]));
  for (const { id, quantity } of returned) {
    const most = quantities.get(id);
    if (most === undefined) throw new BadInput({ field: `${field}.id` }, 'a line of the order', show(id));
    const count = pieces.get(id)! + quantity;
    if (!Number.isSafeInteger(quantity) || quantity < 0 || count > most)
      throw new BadInput({ field: `${field}.quantity` }, `at most ${most} pieces of line ${id}`, show(count));
    pieces.set(id, count);
  }
  return pieces;
}
