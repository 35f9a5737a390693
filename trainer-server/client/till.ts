/**
 * The till, for a shop's own pages and checkout: the arithmetic with which coupons are redeemed.
 *
 * @example
 * const promotions = readPromotions(JSON.parse(await readFile('promotions.json', 'utf8')), 'EUR');
 * const { total, applied, refused } = priceCart(cart, promotions, { now: Date.now(), uses });
 */

export { type Promotion, readPromotion, readPromotions } from '../../shared/promotion.ts';
export type { Cart, CartLine } from '../../shared/promotions/cart.ts';
export { refundWithClawback } from '../../shared/promotions/clawback.ts';
export type { Facts, Uses } from '../../shared/promotions/facts.ts';
export { disclosureText } from '../../shared/promotions/law/law-rules.ts';
export {
  type Applied,
  type PricedCart,
  type PricedLine,
  priceCart,
  type Refused,
} from '../../shared/promotions/price-cart.ts';
export { type Refund, type Returned, refundOf } from '../../shared/promotions/refund.ts';
