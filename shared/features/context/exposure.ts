/** How the shopper has met promotions so far: exposure, clicks, fatigue. */

import { type ContextGroup, recency, tamed } from './group.ts';

const DAY_S = 86_400;

export const exposure: ContextGroup = {
  name: 'exposure',
  names: () => [
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
  ],
  values({ history, ages, sessionStart }) {
    let shown = 0;
    let session = 0;
    let day = 0;
    let clicked = 0;
    let ignored = 0;
    let redeemed = 0;
    let lastShown: number | undefined;
    let lastClick: number | undefined;
    let lastUse: number | undefined;
    history.forEach((event, i) => {
      const age = ages[i]!;
      if (event.name === 'view_promotion') {
        shown++;
        ignored++;
        if (i >= sessionStart) session++;
        if (age < DAY_S) day++;
        lastShown = age;
      } else if (event.name === 'select_promotion') {
        clicked++;
        ignored = 0;
        lastClick = age;
      } else if (event.name === 'purchase' && event.promotion !== undefined) {
        redeemed++;
        ignored = 0;
        lastUse = age;
      }
    });
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
    ];
  },
};
