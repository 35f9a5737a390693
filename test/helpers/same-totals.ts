/** Compares the till's answer with the reference's, figure by figure. */

import type { PricedCart } from '../../shared/promotions/price-cart.ts';
import type { ExactTotals } from './exact-till.ts';

/** The first figure that differs, in words; undefined where none does. */
export function sameTotals(priced: PricedCart, exact: ExactTotals): string | undefined {
  const figures: [string, number | undefined, bigint | undefined][] = [
    ['total', priced.total, exact.total],
    ['shipping', priced.shipping.net, exact.shipping],
    ['shipping tax', priced.shipping.tax, exact.shippingTax],
    ...priced.lines.flatMap(({ id, net, tax }): [string, number, bigint | undefined][] => [
      [`line ${id}`, net, exact.nets[id]],
      [`tax of line ${id}`, tax, exact.taxes[id]],
    ]),
    ...Object.entries(exact.applied).map(([id, amount]): [string, number | undefined, bigint] => [
      `promotion ${id}`,
      priced.applied.find(({ promotion }) => promotion === id)?.amount,
      amount,
    ]),
    ['promotions', priced.applied.length, BigInt(Object.keys(exact.applied).length)],
  ];
  const wrong = figures.find(([, found, expected]) => found === undefined || BigInt(found) !== expected);
  return wrong === undefined
    ? undefined
    : `${wrong[0]}: the till says ${wrong[1]}, the reference ${wrong[2]}`;
}
