/** What the shop is ready to give away in coupons, in euros: `publish --coupon-budget`. */
export const COUPON_BUDGET = '2000';
