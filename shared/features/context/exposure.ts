/** How the shopper has met promotions so far: exposure, clicks, fatigue, and the discounts that teach to wait. */

import { amountOf, percentOf } from '../../promotions/benefit.ts';
import { type ContextGroup, recency, tamed } from './group.ts';

const DAY_S = 86_400;
/** Half-life of an exposure's weight: a promotion of last week tires less than one of today. */
const FADING_S = 3 * DAY_S;
/** Depth of discounts seen beyond which more tells nothing: in halves of a price. */
const MOST_DEPTH = 8;

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

export const values: ContextGroup['values'] = ({ encounters, promotions, spec }) => {
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
      const terms = promotions.get(event.promotion ?? '')?.terms;
      if (terms !== undefined)
        depth += percentOf(terms) / 50 + Math.min(0.5, amountOf(terms) / (4 * spec.priceScale));
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
