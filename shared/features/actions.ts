/** A promotion as the action tower sees it: its terms, and what they mean to this shopper now. */

import { PROMOTION_TYPES, type Promotion, type Scope } from '../promotion.ts';
import { amountOf, benefitOf, minimumOf, percentOf } from '../promotions/benefit.ts';
import { endOf } from '../promotions/schedule.ts';
import { inScope, scopeOf } from '../promotions/scope.ts';
import { flag, priceLog, recency, tamed } from './context/group.ts';
import type { Digest, Touch } from './digest.ts';
import type { FeatureSpec } from './spec.ts';

/** What a device knows of a promotion: its costs, budgets and caps are none of it. */
export type ActionPromotion = Pick<
  Promotion,
  'id' | 'terms' | 'scope' | 'schedule' | 'eligibility' | 'frequency' | 'placements'
>;

/** As many as so: counted by the compiler, so that a device which only decides does not carry the names. */
type Names<Count extends number> = readonly string[] & { length: Count };

const TERMS_WIDTH = 11;
/** Numbers that depend on the shopper too. */
export const MEANING_WIDTH = 22;

const TERMS = [
  'percent',
  'percent.known',
  'amount',
  'amount.known',
  'minimum',
  'minimum.known',
  'points',
  'scoped',
  'scope.category',
  'scope.skus',
  'scope.brand',
] as const satisfies Names<typeof TERMS_WIDTH>;

const MEANING = [
  'interest.share',
  'interest.session.share',
  'last.in-scope',
  'cart.share',
  'cart.benefit',
  'cart.benefit.share',
  'last.benefit',
  'interest.benefit',
  'minimum.reached',
  'minimum.missing',
  'bought.share',
  'shown',
  'shown.session',
  'shown.recency',
  'clicked',
  'ignored',
  'redeemed',
  'shown.last',
  'kind.shown',
  'kind.clicked',
  'kind.redeemed',
  'ends.soon',
] as const satisfies Names<typeof MEANING_WIDTH>;

/** Numbers that depend on the promotion alone; the rest depends on the shopper too. */
export function termsWidth(spec: FeatureSpec): number {
  return PROMOTION_TYPES.length + TERMS_WIDTH + spec.promotions.length + 1;
}

export function actionWidth(spec: FeatureSpec): number {
  return termsWidth(spec) + MEANING_WIDTH;
}

/** What each number stands for, in order. */
export function actionNames(spec: FeatureSpec): string[] {
  const ids = [...spec.promotions.map((id) => `id:${id}`), 'id:unknown'];
  return [...PROMOTION_TYPES.map((type) => `type:${type}`), ...TERMS, ...ids, ...MEANING];
}

/** Features of several promotions for one request, [promotions, actionWidth] row by row. */
export function actionsOf(digest: Digest, promotions: readonly ActionPromotion[]): Float32Array {
  const width = actionWidth(digest.spec);
  const out = new Float32Array(promotions.length * width);
  promotions.forEach((promotion, i) => {
    out.set(termsOf(promotion, digest.spec), i * width);
    out.set(meaningOf(promotion, digest), (i + 1) * width - MEANING_WIDTH);
  });
  return out;
}

/** The part that depends on the promotion alone, [termsWidth]. */
export function termsOf(promotion: ActionPromotion, spec: FeatureSpec): number[] {
  const { id, terms } = promotion;
  const scope = scopeOf(promotion);
  const percent = percentOf(terms);
  const amount = amountOf(terms);
  const minimum = minimumOf(terms);
  const known = spec.promotions.indexOf(id);
  return [
    ...PROMOTION_TYPES.map((type) => flag(type === terms.type)),
    percent / 25,
    flag(percent > 0),
    tamed(amount / spec.priceScale),
    flag(amount > 0),
    minimum === undefined ? 0 : priceLog(minimum, spec.priceScale),
    flag(minimum !== undefined),
    terms.type === 'loyalty_points' ? tamed(terms.points) / 2 : 0,
    flag(scope !== undefined),
    flag(scope?.category !== undefined),
    flag(scope?.skus !== undefined),
    flag(scope?.brand !== undefined),
    ...spec.promotions.map((_, i) => flag(i === known)),
    flag(known < 0),
  ];
}

/** The part that depends on the shopper, [MEANING_WIDTH]. */
export function meaningOf(promotion: ActionPromotion, digest: Digest): number[] {
  const { terms } = promotion;
  const { cart, cartValue, spec, now } = digest;
  const scale = spec.priceScale;
  const scope = scopeOf(promotion);
  const reach = reachOf(scope, digest.touches);
  const cartInScope = cart.reduce(
    (sum, line) => (inScope(scope, line.sku, line.facts) ? sum + line.quantity * (line.price ?? 0) : sum),
    0,
  );
  const cartBenefit = benefitOf(terms, { total: cartValue, inScope: cartInScope });
  const minimum = minimumOf(terms);
  const ends = endOf(promotion);
  return [
    reach.share,
    reach.sessionShare,
    flag(reach.last !== undefined),
    cartValue === 0 ? 0 : cartInScope / cartValue,
    tamed(cartBenefit / scale),
    cartValue === 0 ? 0 : cartBenefit / cartValue,
    tamed(benefitOn(promotion, reach.last?.price) / scale),
    tamed(benefitOn(promotion, reach.meanPrice) / scale),
    flag(minimum !== undefined && cartValue >= minimum),
    minimum === undefined || minimum === 0 ? 0 : Math.max(0, 1 - cartValue / minimum),
    reach.boughtShare,
    ...meetingsOf(promotion, digest),
    ends === undefined || now === undefined ? 0 : recency(Math.max(0, ends - now) / 1000),
  ];
}

/** What it would save on one more product of this price. */
function benefitOn({ terms }: ActionPromotion, price: number | undefined): number {
  return price === undefined ? 0 : benefitOf(terms, { total: price, inScope: price });
}

/** How much of the shopper's interest the promotion covers. */
function reachOf(scope: Scope | undefined, touches: readonly Touch[]) {
  let total = 0;
  let covered = 0;
  let session = 0;
  let sessionCovered = 0;
  let bought = 0;
  let boughtCovered = 0;
  let priced = 0;
  let priceSum = 0;
  let last: Touch | undefined;
  for (const touch of touches) {
    const { interest, price } = touch;
    if (interest === 0) continue;
    const inside = scope === undefined || inScope(scope, touch.sku, touch.facts);
    total += interest;
    if (touch.inSession) session += interest;
    if (touch.name === 'purchase') bought++;
    last = inside ? touch : undefined;
    if (!inside) continue;
    covered += interest;
    if (touch.inSession) sessionCovered += interest;
    if (touch.name === 'purchase') boughtCovered++;
    if (price === undefined) continue;
    priced += interest;
    priceSum += interest * price;
  }
  return {
    share: total === 0 ? 0 : covered / total,
    sessionShare: session === 0 ? 0 : sessionCovered / session,
    boughtShare: bought === 0 ? 0 : boughtCovered / bought,
    /** The latest act, where it was on a product in scope. */
    last,
    meanPrice: priced === 0 ? undefined : priceSum / priced,
  };
}

/** How often this promotion, or one of its kind, was met before, [10]. */
function meetingsOf({ id, terms }: ActionPromotion, digest: Digest): number[] {
  const { encounters, promotions } = digest;
  let shown = 0;
  let session = 0;
  let clicked = 0;
  let ignored = 0;
  let redeemed = 0;
  let alike = 0;
  let alikeClicked = 0;
  let alikeRedeemed = 0;
  let lastShown: number | undefined;
  let latest: string | undefined;
  for (const { event, age, inSession } of encounters) {
    const { name, promotion } = event;
    if (promotion === undefined) continue;
    const isAlike = promotions.get(promotion)?.terms.type === terms.type;
    if (name === 'view_promotion') {
      latest = promotion;
      if (isAlike) alike++;
    } else if (isAlike && name === 'select_promotion') alikeClicked++;
    else if (isAlike && name === 'purchase') alikeRedeemed++;
    if (promotion !== id) continue;
    if (name === 'view_promotion') {
      shown++;
      ignored++;
      if (inSession) session++;
      lastShown = age;
    } else if (name === 'select_promotion' || name === 'purchase') {
      ignored = 0;
      if (name === 'purchase') redeemed++;
      else clicked++;
    }
  }
  return [
    tamed(shown),
    tamed(session),
    recency(lastShown),
    tamed(clicked),
    tamed(ignored),
    tamed(redeemed),
    flag(latest === id),
    tamed(alike),
    tamed(alikeClicked),
    tamed(alikeRedeemed),
  ];
}
