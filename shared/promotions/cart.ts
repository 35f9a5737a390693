/** What a shopper is about to buy, as the till sees it. */

import { BadInput, show } from '../errors.ts';
import type { Minor } from '../money.ts';

export interface CartLine {
  /** Unique in the cart. */
  id: string;
  sku: string;
  /** A positive integer: what is weighed is one unit of its weight's price. */
  quantity: number;
  /** Of one unit, before promotions; with tax where the shop's prices include it. */
  unitPrice: Minor;
  /** From the root down. */
  category?: readonly string[];
  brand?: string;
  /** Name of a rate in the cart's `taxRates`; DEFAULT_TAX where absent. */
  taxClass?: string;
}

export interface Cart {
  lines: readonly CartLine[];
  /** Before promotions. */
  shipping: Minor;
  /** ISO 4217. Promotions' amounts are in it, unless they name another one, and then they do not apply. */
  currency: string;
  /** Whether prices include tax; none is computed where absent or 'none'. */
  tax?: 'included' | 'excluded' | 'none';
  /** Percent by class. */
  taxRates?: Readonly<Record<string, number>>;
  /** The class of the shipping; DEFAULT_TAX where absent. */
  shippingTaxClass?: string;
  /** Tax is rounded on each line, or on the sum of each rate and then allocated to its lines. */
  taxRounding?: 'line' | 'rate';
}

export const DEFAULT_TAX = 'standard';

/** Goods before promotions: what minimums are compared with. */
export function goodsOf(cart: Pick<Cart, 'lines'>): Minor {
  return cart.lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0);
}

/** @throws BadInput naming the line and field that is no cart's */
export function checkCart(cart: Cart): void {
  const seen = new Set<string>();
  cart.lines.forEach((line, i) => {
    const field = (name: string) => `lines[${i}].${name}`;
    if (seen.has(line.id)) throw new BadInput({ field: field('id') }, 'each line id once', show(line.id));
    seen.add(line.id);
    if (!Number.isSafeInteger(line.quantity) || line.quantity < 1)
      throw new BadInput({ field: field('quantity') }, 'a positive integer', show(line.quantity));
    checkAmount(line.unitPrice, field('unitPrice'));
    checkAmount(line.unitPrice * line.quantity, field('quantity'));
    checkTaxClass(cart, line.taxClass, field('taxClass'));
  });
  checkAmount(cart.shipping, 'shipping');
  checkAmount(goodsOf(cart) + cart.shipping, 'lines');
  checkTaxClass(cart, cart.shippingTaxClass, 'shippingTaxClass');
}

/** @throws BadInput for what is no count of minor units, or too large to be counted exactly */
export function checkAmount(amount: Minor, field: string): void {
  if (!Number.isSafeInteger(amount) || amount < 0)
    throw new BadInput({ field }, 'minor units, an integer of at least 0 and below 9e15', show(amount));
}

function checkTaxClass({ tax, taxRates }: Cart, name: string | undefined, field: string): void {
  if (tax === undefined || tax === 'none') return;
  const rate = taxRates?.[name ?? DEFAULT_TAX];
  if (rate === undefined)
    throw new BadInput(
      { field },
      `one of taxRates (${show(Object.keys(taxRates ?? {}))})`,
      show(name ?? DEFAULT_TAX),
    );
  if (!(rate >= 0 && rate <= 1000))
    throw new BadInput(
      { field: `taxRates.${name ?? DEFAULT_TAX}` },
      'a percentage of at least 0',
      show(rate),
    );
}
