/** Coupons, as a shop's server uses them. Money is in minor units. */

import type { Minor } from '../../shared/money.ts';
import type { Cart } from '../../shared/promotions/cart.ts';
import type { Facts } from '../../shared/promotions/facts.ts';
import type { PricedCart } from '../../shared/promotions/price-cart.ts';

export type { Cart, CartLine } from '../../shared/promotions/cart.ts';
export type { PricedCart } from '../../shared/promotions/price-cart.ts';

export interface Quoted {
  /** As the shopper typed them: at most one of each exclusive group. */
  codes: readonly string[];
  cart: Cart;
  /** The shop's own name for its customer: caps are counted on it, and it is stored as a keyed hash. */
  customer?: string;
  /** What the shop knows of the customer, for eligibility. */
  facts?: Pick<Facts, 'timeZone' | 'attributes' | 'segments' | 'locale'>;
}

export interface Quote {
  /** What each code takes off, in the order in which they were asked about. */
  codes: { code: string; promotion: string; amount: Minor }[];
  /** What the order would cost. */
  priced: PricedCart;
}

export interface Redemption extends Quoted {
  /** The shop's own number. */
  order: string;
  /** Where an order is paid for again after its codes were reversed: which try this is. */
  attempt?: string;
}

export interface Redeemed {
  order: string;
  redemptions: { id: string; code: string; promotion: string; amount: Minor }[];
  /** What to charge. */
  priced: PricedCart;
}

export interface Reversal {
  /** Id of a redemption. */
  redemption: string;
  /** Of the return: each counts once. */
  id: string;
  /** Pieces by line of the cart; all that are left where absent. */
  returned?: readonly { id: string; quantity: number }[];
}

export interface Reversed {
  redemption: string;
  /** What the budget got back for this return, and altogether. */
  amount: Minor;
  reversed: Minor;
}
