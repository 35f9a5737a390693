/** The till's working copy of a cart: what is still to pay, and which pieces no quantity promotion has used. */

import { type Minor, ratioOf } from '../money.ts';
import type { Scope } from '../promotion.ts';
import type { Cart, CartLine } from './cart.ts';

export interface Basket {
  /** By id, whatever order the cart had: the order of its lines never decides where a last cent goes. */
  lines: readonly CartLine[];
  /** Before promotions, by line. */
  gross: readonly Minor[];
  /** Still to pay, by line. */
  open: Minor[];
  /** Pieces that no bundle and no "buy x get y" has counted yet, by line. */
  spare: number[];
  /** Still to pay for shipping. */
  shipping: Minor;
  /** Lower-case names a scope can match, by line. */
  names: readonly { categories: readonly string[]; brand: string | undefined }[];
}

/** What one promotion takes off. */
export interface Discount {
  /** By line of the basket. */
  lines: readonly Minor[];
  shipping: Minor;
  /** Pieces that it counted, by line. */
  used?: readonly number[];
}

export function basketOf(cart: Cart): Basket {
  const lines = [...cart.lines].sort((a, b) => (a.id < b.id ? -1 : 1));
  const gross = lines.map((line) => line.unitPrice * line.quantity);
  return {
    lines,
    gross,
    open: [...gross],
    spare: lines.map((line) => line.quantity),
    shipping: cart.shipping,
    names: lines.map(({ category, brand }) => ({
      categories: (category ?? []).map((part) => part.toLowerCase()),
      brand: brand?.toLowerCase(),
    })),
  };
}

/** Takes a discount off the basket. */
export function take(basket: Basket, { lines, shipping, used }: Discount): void {
  lines.forEach((amount, i) => {
    basket.open[i]! -= amount;
  });
  used?.forEach((pieces, i) => {
    basket.spare[i]! -= pieces;
  });
  basket.shipping -= shipping;
}

export function amountOf({ lines, shipping }: Discount): Minor {
  return sum(lines) + shipping;
}

/** Whether each line is in a scope: as `inScope`, on names made ready once. */
export function scopeMask(basket: Basket, scope: Scope | undefined): boolean[] {
  const category = scope?.category?.toLowerCase();
  const brand = scope?.brand?.toLowerCase();
  return basket.lines.map(({ sku }, i) => {
    const names = basket.names[i]!;
    if (category !== undefined && !names.categories.includes(category)) return false;
    if (scope?.skus !== undefined && !scope.skus.includes(sku)) return false;
    return brand === undefined || names.brand === brand;
  });
}

/**
 * What some pieces of a line still cost, when discounts so far are spread over its pieces evenly: whole units, rounded
 * down.
 */
export function priceOfPieces(basket: Basket, line: number, pieces: number): Minor {
  const open = basket.open[line]!;
  const { quantity } = basket.lines[line]!;
  return pieces === quantity ? open : ratioOf(open, pieces, quantity, 'down');
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
