/** What coupons can be told. Every value has its default, unit and meaning here. */

export interface CouponOptions {
  /** Life of a grant, ms. SAFETY.md: at most 30 minutes. */
  grantMs: number;
  /** Life of a claim whose promotion names none, ms: so long it holds its share of the budget. */
  claimMs: number;
  /**
   * How long after the end of its promotion a code of a hosted checkout is still redeemed here, ms: the order was placed
   * in time, and its webhook comes when it can. Shopify's tries for 4 hours.
   */
  hostedMs: number;
  /** New sids that one network may be granted in a minute; more than a school or an office opens. */
  newSidsPerAddress: number;
  /** New sids that a site grants in a minute: bounds how fast guests can drain reservations. */
  newSidsPerSite: number;
  /** How long "not interested" keeps a promotion off a customer's menu, ms. */
  dismissedMs: number;
  /** How long an idempotency key is remembered, ms. Longer than any queue of a shop retries. */
  replyMs: number;
  checks: CouponChecks;
}

/**
 * What stands between a bot and the budget. All on, always: nothing outside the adversarial bench, which measures
 * what each is worth, can say otherwise.
 */
export interface CouponChecks {
  /** Signature, site, expiry and menu of a grant. */
  grants: boolean;
  /** No more is reserved than the budget has. */
  budgets: boolean;
  /** Caps per customer and over all uses. */
  caps: boolean;
  /** A code is redeemed once, one of a group for each order, and a retry is known as one. */
  once: boolean;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export const COUPON_OPTIONS: CouponOptions = {
  grantMs: 30 * MINUTE,
  claimMs: 60 * MINUTE,
  hostedMs: 3 * DAY,
  newSidsPerAddress: 60,
  newSidsPerSite: 6_000,
  dismissedMs: 30 * DAY,
  replyMs: 30 * DAY,
  checks: { grants: true, budgets: true, caps: true, once: true },
};
