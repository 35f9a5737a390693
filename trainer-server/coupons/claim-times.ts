/** Until when a claim holds its share of the budget, and until when its shopper can count on the code. */

import { endOf } from '../../shared/promotions/schedule.ts';
import type { CouponCodes } from './coupon-codes.ts';
import type { CouponOptions } from './options.ts';
import type { CouponPromotion } from './promotions.ts';

/** The largest time that JavaScript's dates hold (ECMA-262, 21.4.1.1). */
const FOR_EVER = 8.64e15;

export interface ClaimTimes {
  /**
   * When what the claim reserved comes back, epoch ms. A hosted checkout knows nothing of claims that expire: it takes
   * the code until the promotion ends, and its webhook comes later still.
   */
  expires(promotion: CouponPromotion, code: string, now: number): number;
  /** The last moment at which the code is good, of one that expires then. */
  good(site: string, code: string, expires: number): number;
}

export function claimTimesOf(
  codes: Pick<CouponCodes, 'isHosted'>,
  { hostedMs }: Pick<CouponOptions, 'hostedMs'>,
): ClaimTimes {
  return {
    expires({ site, promotion, claimMs }, code, now) {
      const ends = endOf(promotion) ?? FOR_EVER;
      return codes.isHosted(site, code) ? Math.min(ends + hostedMs, FOR_EVER) : Math.min(now + claimMs, ends);
    },
    good: (site, code, expires) =>
      expires < FOR_EVER && codes.isHosted(site, code) ? expires - hostedMs : expires,
  };
}
