/** Refunds where what stays must still earn its promotions. */

import type { Minor } from '../money.ts';
import type { Promotion } from '../promotion.ts';
import type { Cart } from './cart.ts';
import type { Facts } from './facts.ts';
import { type PricedCart, priceCart } from './price-cart.ts';
import { type Returned, refundOf } from './refund.ts';

export interface Order {
  cart: Cart;
  /** As they were when the order was priced. */
  promotions: readonly Promotion[];
  facts: Facts;
  priced: PricedCart;
}

export interface ClawbackRefund {
  /** What the shopper gets back now; 0 where lost promotions outweigh what came back. */
  total: Minor;
  /** What the refund would have been without a clawback, less what it is. Negative once an earlier one evens out. */
  clawback: Minor;
  /** Promotions of the order that what stays does not earn any more. */
  lost: string[];
}

/**
 * The other rule for returns: the shopper ends up having paid what the pieces that stay cost under the order's own
 * promotions, at the order's own time, and never more than was paid. An order of 60 with "10 off from 60" that loses
 * 15 keeps 45 at full price: of the 50 paid, 5 go back. Steps add up to what was paid when everything is back.
 * @param already pieces that came back before, and what was paid back for them
 * @throws BadInput for pieces that the order does not have
 */
export function refundWithClawback(
  order: Order,
  returned: readonly Returned[],
  already: { returned: readonly Returned[]; refunded: Minor },
): ClawbackRefund {
  const { priced } = order;
  const plain = refundOf(priced, returned, already.returned);
  if (plain.complete) {
    const total = priced.total - already.refunded;
    return { total, clawback: plain.total - total, lost: [] };
  }
  const kept = priceKept(order, [...already.returned, ...returned]);
  const total = Math.max(0, priced.total - kept.total - already.refunded);
  const earned = new Set(kept.applied.map(({ promotion }) => promotion));
  const lost = priced.applied.map(({ promotion }) => promotion).filter((id) => !earned.has(id));
  return { total, clawback: plain.total - total, lost };
}

/** Only promotions that were applied, and no caps: the order already holds its use of each. */
function priceKept({ cart, promotions, facts, priced }: Order, returned: readonly Returned[]): PricedCart {
  const back = new Map<string, number>();
  for (const { id, quantity } of returned) back.set(id, (back.get(id) ?? 0) + quantity);
  const lines = cart.lines
    .map((line) => ({ ...line, quantity: line.quantity - (back.get(line.id) ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
  const applied = new Set(priced.applied.map(({ promotion }) => promotion));
  const { uses: _uses, ...known } = facts;
  return priceCart(
    { ...cart, lines },
    promotions.filter(({ id }) => applied.has(id)),
    known,
  );
}
