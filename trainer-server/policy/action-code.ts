/**
 * Promotions as sums of what they share: being a promotion at all, taking something off the price, their type, their
 * percentage, themselves.
 */

import { NOT_OFF } from '../../shared/policy/adaptation.ts';
import { PROMOTION_TYPES } from '../../shared/promotion.ts';
import type { PolicyData } from './policy-data.ts';

/** Weights of promotion p are the sum over its parts of `by` times the part's weights. */
export interface ActionCode {
  /** By promotion of the data. `none` has no part: everything is measured from it. */
  parts: readonly (readonly { part: number; by: number }[])[];
  /** Relative penalty of each part: the fewer promotions stand behind it, the more it is shrunk. */
  penalty: readonly number[];
}

/**
 * Chosen on twins of the built-in worlds (seed 101), none of which any reported figure uses: an own weight must be
 * earned against ten times the penalty of what all promotions share.
 */
const PENALTY = { any: 1, priceOff: 1, type: 3, percent: 3, own: 10 } as const;

export function actionCode({
  promotions,
  terms,
  termsWidth,
}: Pick<PolicyData, 'promotions' | 'terms' | 'termsWidth'>): ActionCode {
  const types = PROMOTION_TYPES.length;
  const firstOwn = 3 + types;
  const isMessage = promotions.map(
    (_, p) => terms[p * termsWidth + PROMOTION_TYPES.indexOf('message')] === 1,
  );
  const messages = isMessage.filter(Boolean).length;
  const parts = promotions.map((_, p) => {
    const own = terms.subarray(p * termsWidth, (p + 1) * termsWidth);
    const type = own.subarray(0, types).indexOf(1);
    if (type === PROMOTION_TYPES.indexOf('none')) return [];
    // In units of the action features: 0 where no percentage is promised.
    const percent = own[types]!;
    return [
      { part: 0, by: 1 },
      ...(percent === 0 ? [] : [{ part: 1, by: percent }]),
      ...(NOT_OFF.has(PROMOTION_TYPES[type]!) ? [] : [{ part: 2, by: 1 }]),
      { part: 3 + type, by: 1 },
      { part: firstOwn + p, by: 1 },
    ];
  });
  const penalty = [
    PENALTY.any,
    PENALTY.percent,
    PENALTY.priceOff,
    ...PROMOTION_TYPES.map(() => PENALTY.type),
    // Promotions known by their id alone promise as little as messages do: where there are several, nothing but what is
    // their own can tell them apart.
    ...isMessage.map((message) => (message && messages > 1 ? PENALTY.any : PENALTY.own)),
  ];
  return { parts, penalty };
}
