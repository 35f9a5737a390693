/** How the shopper has met promotions so far: exposure, clicks, fatigue, and the discounts that teach to wait. */

import type { Promotion, Scope } from '../../promotion.ts';
import { amountOf, minimumOf, percentOf } from '../../promotions/benefit.ts';
import { inScope, scopeOf } from '../../promotions/scope.ts';
import type { Digest, Touch } from '../digest.ts';
import { type ContextGroup, recency, tamed } from './group.ts';

const DAY_S = 86_400;
/** Half-life of an exposure's weight: a promotion of last week tires less than one of today. */
const FADING_S = 3 * DAY_S;
/** Depth of discounts seen beyond which more tells nothing: in halves of a price. */
const MOST_DEPTH = 8;
/** What delivery is of an order, and an order of the typical price: fees and baskets are not the device's to know. */
const DELIVERY_SHARE = 0.1;
const ORDER_PRICES = 2;
/** Share of an order beyond which a fixed sum is rarely promised. */
const MOST_SHARE = 0.5;
/** How far back an act was of the same visit. */
const VISIT_S = 3600;

export const name = 'exposure';

export const names: ContextGroup['names'] = () => [
  'shown',
  'shown.session',
  'shown.day',
  'shown.recency',
  'clicked',
  'clicked.rate',
  'clicked.recency',
  'ignored',
  'redeemed',
  'redeemed.recency',
  'shown.fading',
  'discount.seen',
  'bought.without',
];

export const values: ContextGroup['values'] = (digest) => {
  const { encounters, promotions } = digest;
  let shown = 0;
  let session = 0;
  let day = 0;
  let clicked = 0;
  let ignored = 0;
  let redeemed = 0;
  let fading = 0;
  let depth = 0;
  let without = 0;
  let lastShown: number | undefined;
  let lastClick: number | undefined;
  let lastUse: number | undefined;
  for (const { event, age, inSession } of encounters) {
    if (event.name === 'view_promotion') {
      shown++;
      ignored++;
      if (inSession) session++;
      if (age < DAY_S) day++;
      lastShown = age;
      fading += 0.5 ** (age / FADING_S);
      const promotion = promotions.get(event.promotion ?? '');
      if (promotion !== undefined) depth += discountOf(promotion, digest, age);
    } else if (event.name === 'select_promotion') {
      clicked++;
      ignored = 0;
      lastClick = age;
    } else if (event.name === 'purchase' && event.promotion !== undefined) {
      redeemed++;
      ignored = 0;
      lastUse = age;
    } else if (event.name === 'purchase') without++;
  }
  return [
    tamed(shown),
    tamed(session),
    tamed(day),
    recency(lastShown),
    tamed(clicked),
    // Smoothed towards a tenth, so that one click of one is not certainty.
    (clicked + 0.5) / (shown + 5),
    recency(lastClick),
    tamed(ignored),
    tamed(redeemed),
    recency(lastUse),
    tamed(fading),
    Math.min(MOST_DEPTH, depth),
    tamed(without),
  ];
};

/**
 * What a showing adds to `discount.seen`: the share of an order that it promises to take off, in halves. An offer for a
 * part of the catalogue counts by how much of what the shopper looked at just then it is about.
 * @param age of the showing, in seconds
 */
export function discountOf(
  promotion: Pick<Promotion, 'terms' | 'scope'>,
  { touches, spec }: Pick<Digest, 'touches' | 'spec'>,
  age = 0,
): number {
  const { terms } = promotion;
  if (terms.type === 'free_shipping') return 2 * DELIVERY_SHARE;
  const order = Math.max(ORDER_PRICES * spec.priceScale, minimumOf(terms) ?? 0);
  const share = percentOf(terms) / 100 + Math.min(MOST_SHARE, amountOf(terms) / order);
  return share === 0 ? 0 : 2 * share * coverageOf(scopeOf(promotion), touches, age);
}

/** Share of the acts on products before a showing that were on one in scope; of all acts where none is remembered. */
function coverageOf(scope: Scope | undefined, touches: readonly Touch[], age: number): number {
  if (scope === undefined) return 1;
  const acts = touches.filter(({ interest }) => interest > 0);
  const then = acts.filter((touch) => touch.age >= age && touch.age < age + VISIT_S);
  const own = then.length > 0 ? then : acts;
  if (own.length === 0) return 1;
  return own.filter(({ sku, facts }) => inScope(scope, sku, facts)).length / own.length;
}
