/** The till's working copy of a cart: what is still to pay, and which pieces no quantity promotion has used. */

import { allocate, type Minor, ratioOf } from '../money.ts';
import type { Scope } from '../promotion.ts';
import type { Cart, CartLine } from './cart.ts';

export interface Basket {
  /** By id, whatever order the cart had: the order of its lines never decides where a last cent goes. */
  lines: readonly CartLine[];
  /** Before promotions, by line. */
  gross: readonly Minor[];
  /** Still to pay, by line. */
  open: Minor[];
  /** Sum of `open`. */
  goods: Minor;
  /** Pieces that no bundle and no "buy x get y" has counted yet, by line. */
  spare: number[];
  /** Still to pay for shipping. */
  shipping: Minor;
  /** Indices of all lines, and of those of each sku, and of each category and brand in lower case. Ascending. */
  index: {
    all: readonly number[];
    /** The least expensive unit first, then by id. */
    byPrice: readonly number[];
    skus: ReadonlyMap<string, readonly number[]>;
    categories: ReadonlyMap<string, readonly number[]>;
    brands: ReadonlyMap<string, readonly number[]>;
  };
}

/** What one promotion takes off. */
export interface Discount {
  /** Indices of the lines concerned, ascending; entry k of `weights` and `used` belongs to line `at[k]`. */
  at: readonly number[];
  /** What each line's pieces cost that it reduces: `goods` is allocated in proportion when it is taken. */
  weights: readonly Minor[];
  /** At most the sum of `weights`. */
  goods: Minor;
  shipping: Minor;
  /** Pieces that it counted. */
  used?: readonly number[];
}

export function basketOf(cart: Cart): Basket {
  const lines = [...cart.lines].sort((a, b) => (a.id < b.id ? -1 : 1));
  const gross = lines.map((line) => line.unitPrice * line.quantity);
  const all = lines.map((_, i) => i);
  return {
    lines,
    gross,
    open: [...gross],
    goods: sum(gross),
    spare: lines.map((line) => line.quantity),
    shipping: cart.shipping,
    index: {
      all,
      byPrice: [...all].sort((a, b) => lines[a]!.unitPrice - lines[b]!.unitPrice || a - b),
      skus: indexBy(lines, ({ sku }) => [sku]),
      categories: indexBy(lines, ({ category }) => new Set(category?.map((part) => part.toLowerCase()))),
      brands: indexBy(lines, ({ brand }) => (brand === undefined ? [] : [brand.toLowerCase()])),
    },
  };
}

function indexBy(
  lines: readonly CartLine[],
  keysOf: (line: CartLine) => Iterable<string>,
): ReadonlyMap<string, readonly number[]> {
  const out = new Map<string, number[]>();
  lines.forEach((line, i) => {
    for (const key of keysOf(line)) {
      const held = out.get(key);
      if (held === undefined) out.set(key, [i]);
      else held.push(i);
    }
  });
  return out;
}

export function copyOf(basket: Basket): Basket {
  return { ...basket, open: [...basket.open], spare: [...basket.spare] };
}

/** Takes a discount off the basket. @returns what it took off each of the lines `at` */
export function take(basket: Basket, { at, weights, goods, shipping, used }: Discount): Minor[] {
  const amounts = allocate(goods, weights);
  for (let k = 0; k < at.length; k++) {
    basket.open[at[k]!]! -= amounts[k]!;
    if (used !== undefined) basket.spare[at[k]!]! -= used[k]!;
  }
  basket.goods -= goods;
  basket.shipping -= shipping;
  return amounts;
}

export const amountOf = ({ goods, shipping }: Discount): Minor => goods + shipping;

/** Indices of the lines in a scope, ascending: what `inScope` says of each, found without asking each. */
export function linesIn({ index, lines }: Basket, scope: Scope | undefined): readonly number[] {
  if (scope === undefined) return index.all;
  const { category, brand, skus } = scope;
  let found = index.all;
  if (category !== undefined) found = index.categories.get(category.toLowerCase()) ?? [];
  if (brand !== undefined) {
    const ofBrand = index.brands.get(brand.toLowerCase()) ?? [];
    found = found === index.all ? ofBrand : found.filter((i) => ofBrand.includes(i));
  }
  if (skus !== undefined) found = found.filter((i) => skus.includes(lines[i]!.sku));
  return found;
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

export const sum = (values: readonly number[]): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};
