/** What is in the cart. */

import { type ContextGroup, flag, priceLog, recency, tamed } from './group.ts';

/** Steps of the cart's value in typical prices: thresholds of promotions act like steps, not like slopes. */
const STEPS = [0.5, 1, 2, 4, 8];

export const name = 'cart';

export const names: ContextGroup['names'] = () => [
  'cart.any',
  'cart.value',
  'cart.lines',
  'cart.units',
  'cart.dearest',
  'cart.touched',
  'cart.checkout',
  ...STEPS.map((step) => `cart.above.${step}`),
];

export const values: ContextGroup['values'] = ({
  cart: lines,
  cartValue,
  history,
  ages,
  spec,
  sessionStart,
}) => {
  const touched = history.findLastIndex(({ name }) => name === 'add_to_cart' || name === 'remove_from_cart');
  const checkout = history.findLastIndex(({ name }) => name === 'begin_checkout');
  const bought = history.findLastIndex(({ name }) => name === 'purchase');
  const dearest = Math.max(0, ...lines.map((line) => line.price ?? 0));
  return [
    flag(lines.length > 0),
    tamed(cartValue / spec.priceScale),
    tamed(lines.length),
    tamed(lines.reduce((sum, line) => sum + line.quantity, 0)),
    dearest === 0 ? 0 : priceLog(dearest, spec.priceScale),
    recency(ages[touched]),
    flag(checkout >= sessionStart && checkout > bought),
    ...STEPS.map((step) => flag(cartValue >= step * spec.priceScale)),
  ];
};
