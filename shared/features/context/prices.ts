/** What the shopper looks at and pays, against the catalogue. */

import type { Touch } from '../digest.ts';
import { priceBucket } from '../vocabulary.ts';
import { type ContextGroup, flag, mean, priceLog, tamed } from './group.ts';

const VIEWS = new Set(['view_item', 'select_item']);

export const name = 'prices';

export const names: ContextGroup['names'] = () => [
  'viewed.known',
  'viewed.mean',
  'viewed.low',
  'viewed.high',
  'viewed.last',
  'viewed.trend',
  'viewed.rank',
  'viewed.last.rank',
  'carted.mean',
  'bought.known',
  'bought.mean',
  'bought.units',
  'bought.value',
  'bought.order',
  'bought.discount',
  'bought.promoted',
  'viewed.reduced',
  'viewed.reduced.session',
];

export const values: ContextGroup['values'] = ({ touches, history, spec }) => {
  const { priceScale, priceEdges } = spec;
  const priced = (keep: (touch: Touch) => boolean): number[] =>
    touches.flatMap((touch) => (keep(touch) && touch.price !== undefined ? touch.price : []));
  const viewed = priced((touch) => VIEWS.has(touch.name));
  const logs = viewed.map((price) => priceLog(price, priceScale));
  const ranks = viewed.map((price) => priceBucket(price, priceEdges) / 8 - 1);
  const carted = priced((touch) => touch.name === 'add_to_cart').map((price) => priceLog(price, priceScale));
  const bought = touches.filter((touch) => touch.name === 'purchase' && touch.price !== undefined);
  const spent = bought.reduce((sum, touch) => sum + touch.price! * touch.quantity, 0);
  const orders = history.filter((event) => event.name === 'purchase');
  return [
    flag(viewed.length > 0),
    mean(logs),
    logs.length === 0 ? 0 : Math.min(...logs),
    logs.length === 0 ? 0 : Math.max(...logs),
    logs.at(-1) ?? 0,
    logs.length < 2 ? 0 : logs.at(-1)! - logs[0]!,
    mean(ranks),
    ranks.at(-1) ?? 0,
    mean(carted),
    flag(bought.length > 0),
    mean(bought.map((touch) => priceLog(touch.price!, priceScale))),
    tamed(bought.reduce((sum, touch) => sum + touch.quantity, 0)),
    tamed(spent / priceScale),
    tamed(spent / priceScale / Math.max(1, orders.length)),
    mean(bought.flatMap(discountShare)),
    orders.filter((event) => event.promotion !== undefined).length / Math.max(1, orders.length),
    reducedShare(touches.filter((touch) => VIEWS.has(touch.name))),
    reducedShare(touches.filter((touch) => VIEWS.has(touch.name) && touch.inSession)),
  ];
};

/** Smoothed towards a seventh, so that one reduced product of one is no bargain hunter. */
function reducedShare(views: readonly Touch[]): number {
  const reduced = views.filter((touch) => touch.facts?.reduced).length;
  return 2 * ((reduced + 0.3) / (views.length + 2)) - 0.3;
}

/** How far below the catalogue's price it was bought, -1 to 1. */
function discountShare({ paid, facts }: Touch): number[] {
  if (paid === undefined || facts?.price === undefined || facts.price === 0) return [];
  return [Math.max(-1, Math.min(1, 1 - paid / facts.price))];
}
