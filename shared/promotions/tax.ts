/** Tax of what is left to pay, on each line or on each rate. */

import { allocate, type Minor, PERCENT_UNITS, percentUnits, ratioOf } from '../money.ts';
import { sum } from './basket.ts';
import { type Cart, DEFAULT_TAX } from './cart.ts';

/**
 * Tax in net amounts, one a line and shipping last: contained in them where the cart's prices include tax, on top where
 * they exclude it. Rounded half up, once a line or once a rate (then allocated to its lines by largest remainder).
 * @param nets after promotions, of the lines and then of shipping
 * @param classes tax class of each
 */
export function taxesOf(
  cart: Pick<Cart, 'tax' | 'taxRates' | 'taxRounding'>,
  nets: readonly Minor[],
  classes: readonly (string | undefined)[],
): Minor[] {
  const { tax, taxRates, taxRounding } = cart;
  if (tax === undefined || tax === 'none') return nets.map(() => 0);
  const taxIn = (net: Minor, name: string): Minor => {
    const units = percentUnits(taxRates![name]!);
    return ratioOf(net, units, tax === 'included' ? PERCENT_UNITS + units : PERCENT_UNITS);
  };
  const names = classes.map((name) => name ?? DEFAULT_TAX);
  if (taxRounding !== 'rate') return nets.map((net, i) => taxIn(net, names[i]!));
  const out = nets.map(() => 0);
  for (const name of new Set(names)) {
    const parts = nets.map((net, i) => (names[i] === name ? net : 0));
    allocate(taxIn(sum(parts), name), parts).forEach((part, i) => {
      out[i]! += part;
    });
  }
  return out;
}
