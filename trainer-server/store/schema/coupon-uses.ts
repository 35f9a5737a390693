/**
 * An order that came back whole leaves its code as it was: the payment may have failed, and the shopper tries another
 * card under the same order number. And a cap over all uses holds across the versions of a promotion.
 */
export const COUPON_USES = `
  drop index coupon_redemption_code;
  drop index coupon_redemption_order;
  create unique index coupon_redemption_code on coupon_redemption (code) where undone = 0;
  create unique index coupon_redemption_order on coupon_redemption (site, order_id, exclusion_group)
    where undone = 0;

  -- Uses beyond a cap that was lowered: those that come back first free nothing.
  alter table coupon_promotion add column uses_over integer not null default 0 check (uses_over >= 0);

  -- Other systems write codes in letters of another case: WooCommerce reports them in small ones.
  create index coupon_pool_folded on coupon_pool (site, upper(code));
`;
