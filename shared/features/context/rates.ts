/** How the shopper goes about it: shares of one act among another, in all and in this visit. */

import { EVENT_NAMES, type EventName } from '../../event.ts';
import type { ContextGroup } from './group.ts';

/** Acts and what each is a share of. */
const RATES: readonly (readonly [EventName, EventName])[] = [
  ['dwell', 'view_item'],
  ['select_item', 'view_item'],
  ['add_to_wishlist', 'view_item'],
  ['search', 'view_item'],
  ['rate', 'view_item'],
  ['add_to_cart', 'view_item'],
  ['remove_from_cart', 'add_to_cart'],
  ['begin_checkout', 'add_to_cart'],
  ['remove_from_cart', 'begin_checkout'],
  ['purchase', 'begin_checkout'],
  ['select_promotion', 'view_promotion'],
  ['refund', 'purchase'],
];

export const name = 'rates';

export const names: ContextGroup['names'] = () => [
  ...RATES.map(([part, whole]) => `${part}/${whole}`),
  ...RATES.map(([part, whole]) => `${part}/${whole}.session`),
];

export const values: ContextGroup['values'] = ({ kinds, sessionStart }) => {
  const all = new Float64Array(EVENT_NAMES.length);
  const session = new Float64Array(EVENT_NAMES.length);
  kinds.forEach((kind, i) => {
    all[kind]!++;
    if (i >= sessionStart) session[kind]!++;
  });
  return [...ratesOf(all), ...ratesOf(session)];
};

const PLACES = RATES.map((pair) => pair.map((name) => EVENT_NAMES.indexOf(name)) as [number, number]);

/** Smoothed as if one act in ten of two had been seen before: one view is no certainty. At most 2. */
function ratesOf(count: Float64Array): number[] {
  return PLACES.map(([part, whole]) => 2 * Math.min(2, (count[part]! + 0.2) / (count[whole]! + 2)));
}
