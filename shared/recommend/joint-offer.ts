/** A product or cart with what completes it, at one price: what the till takes for exactly these. */

import type { Minor } from '../money.ts';
import type { Promotion } from '../promotion.ts';
import type { Facts } from '../promotions/facts.ts';
import { priceCart } from '../promotions/price-cart.ts';

export interface JointOffer {
  skus: string[];
  /** Together, the promotion taken off. */
  price: Minor;
  /** The sum of the single prices. */
  apart: Minor;
  /** Absent where the products are only shown together. */
  promotion?: string;
}

export interface OfferedProduct {
  sku: string;
  price: Minor;
  category?: readonly string[];
  brand?: string;
}

export interface JointOfferRequest {
  cart: readonly string[];
  /** What completes it, best first. */
  complements: readonly string[];
  /** Undefined for what cannot be had, has no price or must not stand here. */
  product(sku: string): OfferedProduct | undefined;
  promotions: readonly Promotion[];
  currency: string;
  facts: Facts;
}

/**
 * The first product of the cart with its best complement, or the set of a bundle promotion that holds something of the
 * cart: whatever saves most under one of the promotions. Prices are the till's own arithmetic.
 * @returns undefined where a price is missing or nothing completes the cart
 */
export function jointOffer(request: JointOfferRequest): JointOffer | undefined {
  const { cart, complements, promotions } = request;
  const [anchor, complement] = [cart[0], complements[0]];
  const pair = anchor === undefined || complement === undefined ? undefined : [anchor, complement];
  const offers = promotions.flatMap((promotion) => {
    const { terms } = promotion;
    const skus = terms.type === 'bundle' ? terms.skus : pair;
    if (skus === undefined || !skus.some((sku) => cart.includes(sku))) return [];
    return priced(skus, request, promotion) ?? [];
  });
  const plain = pair && priced(pair, request);
  return offers.reduce(
    (best, offer) => (best === undefined || saving(offer) > saving(best) ? offer : best),
    plain,
  );
}

const saving = ({ apart, price }: JointOffer): Minor => apart - price;

function priced(
  skus: readonly string[],
  { product, currency, facts }: JointOfferRequest,
  promotion?: Promotion,
): JointOffer | undefined {
  const counts = new Map<string, number>();
  for (const sku of skus) counts.set(sku, (counts.get(sku) ?? 0) + 1);
  const lines = [];
  for (const [sku, quantity] of counts) {
    const of = product(sku);
    if (of === undefined) return undefined;
    const { price, category, brand } = of;
    lines.push({
      id: sku,
      sku,
      quantity,
      unitPrice: price,
      ...(category === undefined ? {} : { category }),
      ...(brand === undefined ? {} : { brand }),
    });
  }
  const { total, applied } = priceCart(
    { lines, shipping: 0, currency },
    promotion === undefined ? [] : [promotion],
    facts,
  );
  const apart = lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0);
  return {
    skus: [...skus],
    price: total,
    apart,
    ...(applied[0] === undefined ? {} : { promotion: applied[0].promotion }),
  };
}
