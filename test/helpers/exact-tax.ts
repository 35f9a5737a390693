/** Tax of the slow till: by line or by rate, included in prices or on top of them. */

import type { Cart } from '../../shared/promotions/cart.ts';
import { decimal, handOut, plus, roundHalfUp, SCALE } from './exact-numbers.ts';
import type { ExactTotals } from './exact-till.ts';

export function withTax(
  cart: Cart,
  { left, shipping }: { left: ReadonlyMap<string, bigint>; shipping: bigint },
  applied: Record<string, bigint>,
): ExactTotals {
  const classes = new Map(cart.lines.map((line) => [line.id, line.taxClass ?? 'standard']));
  const nets = new Map([...left].map(([id, net]) => [id, net]));
  const SHIPPING = '\uffff shipping';
  const all = new Map([...nets, [SHIPPING, shipping]]);
  classes.set(SHIPPING, cart.shippingTaxClass ?? 'standard');
  const taxes = new Map([...all.keys()].map((id) => [id, 0n]));
  if (cart.tax === 'included' || cart.tax === 'excluded') {
    const groups =
      cart.taxRounding === 'rate'
        ? [...new Set(classes.values())].map((name) =>
            [...all.keys()].filter((id) => classes.get(id) === name),
          )
        : [...all.keys()].map((id) => [id]);
    for (const ids of groups) {
      const parts = new Map(ids.map((id) => [id, all.get(id)!]));
      const rate = decimal(cart.taxRates![classes.get(ids[0]!)!]!);
      const base = [...parts.values()].reduce(plus, 0n);
      const per = 100n * SCALE;
      const tax = roundHalfUp(base * rate, cart.tax === 'included' ? per + rate : per);
      for (const [id, part] of handOut(tax, parts)) taxes.set(id, part);
      if (ids.length === 1) taxes.set(ids[0]!, tax);
    }
  }
  const shippingTax = taxes.get(SHIPPING)!;
  taxes.delete(SHIPPING);
  const sums = [...nets.values(), shipping].reduce(plus, 0n);
  const onTop = cart.tax === 'excluded' ? [...taxes.values(), shippingTax].reduce(plus, 0n) : 0n;
  return {
    nets: Object.fromEntries(nets),
    taxes: Object.fromEntries(taxes),
    shipping,
    shippingTax,
    total: sums + onTop,
    applied,
  };
}
