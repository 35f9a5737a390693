/** What comes next for a shopper, as the merchant's relations allow it: the ranking of `recommend`, put in order. */

import { type CrossItem, type CrossTables, diverse, forbidden, replaced, STATED } from './complements.ts';
import { topRows } from './top-rows.ts';

export interface NextRequest {
  /** Rows of the shopper's cart. */
  cart: readonly number[];
  /** The row that the shopper looks at; undefined where none. */
  seen: number | undefined;
  /** The blend's score of every product, [rows]; below zero must not be recommended. */
  likely: Float32Array;
  k: number;
}

/**
 * What a further product of a kind is worth. Shoppers compare what is alike, so less is taken off than beside a cart: on
 * the demo shop's log .9 cost one hit in a hundred, .8 two and .6 seven (trainer-server/recommend/README.md).
 */
export const NEXT_OF_KIND = 0.9;

/**
 * The k best, best first: nothing that the merchant keeps apart from the cart or from what is looked at, the newer
 * product where one takes another's place, and first what is stated to go with the cart.
 */
export function nextProducts(
  tables: Pick<CrossTables, 'stated' | 'kindOf'>,
  { cart, seen, likely, k }: NextRequest,
  sameKind = NEXT_OF_KIND,
): CrossItem[] {
  const { stated } = tables;
  const never = forbidden(tables, cart);
  if (seen !== undefined) for (const row of stated?.related('never-with', seen) ?? []) never.add(row);
  const allowed = likely.map((score, row) => (never.has(row) ? -1 : score));
  const found = new Map<number, CrossItem>();
  const add = (row: number, more: number, reason: CrossItem['reasons'][number]): void => {
    if (allowed[row]! >= 0 && !found.has(row))
      found.set(row, { row, score: more + allowed[row]!, reasons: [reason] });
  };
  for (const beside of cart)
    for (const row of stated?.related('goes-with', beside) ?? [])
      add(row, STATED, { code: 'goes-with', beside });
  for (const row of topRows(allowed, 10 * k + 50)) add(row, 0, { code: 'likely' });
  for (const [row, older] of stated?.replacing ?? [])
    for (const each of older) if (found.has(each)) add(row, 0, { code: 'likely' });
  return diverse(replaced(tables, found), tables, k, sameKind);
}
