/** What a release brings along for the ledger: its shoppers can claim what they are shown from the moment it runs. */

import type { FirstMeta } from '../../shared/bundle.ts';
import { BadInput } from '../../shared/errors.ts';
import { type Minor, toMinor } from '../../shared/money.ts';
import { type Promotion, readPromotion } from '../../shared/promotion.ts';
import { type LawRules, lawRulesOf } from '../../shared/promotions/law/law-rules.ts';
import { worstCaseOf } from '../../shared/promotions/worst-case.ts';
import { writePromotion } from '../../shared/promotions/write-promotion.ts';
import type { Shop } from '../../shared/shop.ts';
import type { Coupons } from './coupons.ts';

/** In a bundle's `trainer` folder: costs and budgets are never published. */
export const OFFERS_FILE = 'offers.json';

export interface OffersFile {
  /** ISO 4217, of amounts whose promotion names none. */
  currency: string;
  /** Attributes that no promotion of this shop may use. */
  sensitive: string[];
  /** What the region's law lets countdowns be; not in bundles of before this was written. */
  countdown?: LawRules['countdown'];
  /** As promotions.json has them. */
  promotions: Record<string, unknown>[];
}

export const offersFileOf = (
  { currency, sensitive = [], timeZone, region, law }: Shop,
  promotions: readonly Promotion[],
): OffersFile => ({
  currency,
  sensitive,
  countdown: lawRulesOf(region, law).countdown,
  promotions: promotions.map((promotion) => writePromotion(inZone(promotion, timeZone), currency)),
});

/** Hours of the week are on the shop's wall clock, as its devices read them: a server has none. */
function inZone(promotion: Promotion, timeZone: string | undefined): Promotion {
  const { schedule } = promotion;
  if (timeZone === undefined || schedule?.windows === undefined) return promotion;
  return { ...promotion, schedule: { timeZone, ...schedule } };
}

/** A promotion that can be claimed, and the budget that pays it: JSON, so that it can be approved as it is. */
export interface ReleaseOffer {
  promotion: Record<string, unknown>;
  budget: { id: string; currency: string; total: Minor };
}

export interface OfferPlan {
  offers: ReleaseOffer[];
  /** Ids of all that devices may show and shoppers could claim, whether or not it can be paid for. */
  shown: string[];
  /** Ids that the law keeps away, whoever offers them. */
  masked: string[];
  /** Why a coupon of the release cannot be claimed. */
  left: { id: string; why: string }[];
}

/** Pays the coupons that have no budget of their own. */
export const SHARED_BUDGET = 'coupons';

/**
 * Coupons, and whatever else declares a budget. Depends on nothing but its arguments: what was approved is what is
 * loaded.
 * @param shared what SHARED_BUDGET holds, in major units of the shop's currency; there is none where absent
 * @param masked why the law of the shop's region keeps a promotion away, by id: what may not be shown is not given
 */
export function planOffers(
  { currency, promotions }: OffersFile,
  shared: number | undefined,
  masked: ReadonlyMap<string, string> = new Map(),
): OfferPlan {
  const plan: OfferPlan = { offers: [], shown: [], masked: [...masked.keys()], left: [] };
  for (const raw of promotions) {
    const promotion = readPromotion(raw, currency);
    const { id, terms, budget } = promotion;
    if (terms.type !== 'coupon' && budget === undefined) continue;
    const why = masked.get(id);
    if (why === undefined) plan.shown.push(id);
    const paid = why ?? budgetFor(promotion, currency, shared);
    if (typeof paid === 'string') plan.left.push({ id, why: paid });
    else plan.offers.push({ promotion: raw, budget: paid });
  }
  return plan;
}

/** @param law as a release tells its devices */
export function maskedBy(law: FirstMeta['law']): Map<string, string> {
  const untrue = Object.entries(law?.untrue ?? {}).map(
    ([id, { sku }]) => [id, `the price of ${sku} was lower in the last 30 days, or is unknown`] as const,
  );
  return new Map([...untrue, ...Object.entries(law?.urgent ?? {})]);
}

/** @returns why there is none */
function budgetFor(
  promotion: Promotion,
  shopCurrency: string,
  shared: number | undefined,
): ReleaseOffer['budget'] | string {
  const { id, budget, unread, currency = shopCurrency } = promotion;
  if (unread !== undefined) return `this version cannot read its ${Object.keys(unread).join(', ')}`;
  if (worstCaseOf(promotion).perUse === undefined)
    return 'nothing bounds what one use takes off: give it a maximum_discount';
  if (budget !== undefined) return { id, currency, total: budget.amount };
  if (shared === undefined) return 'it has no budget: give it one, or say --coupon-budget';
  if (currency !== shopCurrency) return `it is in ${currency}: give it a budget of its own`;
  return { id: SHARED_BUDGET, currency, total: toMinor(shared, currency, '--coupon-budget') };
}

/**
 * Inside the transaction that publishes. Budgets are made where they are missing and otherwise left as people set them;
 * a promotion whose terms are live already keeps its version.
 * @returns ids of the promotions that can be claimed anew
 * @throws BadInput where a budget of that name is in another currency
 */
export function loadOffers(
  coupons: Coupons,
  site: string,
  offers: readonly ReleaseOffer[],
  now: number,
): string[] {
  const loaded: string[] = [];
  for (const { promotion: raw, budget } of offers) {
    const held = coupons.ledger.budget(site, budget.id);
    if (held === undefined) coupons.budgets.set(site, budget.id, budget.currency, budget.total, now);
    else if (held.currency !== budget.currency)
      throw new BadInput({ field: 'budget' }, `budget ${budget.id} in ${held.currency}`, budget.currency);
    const promotion = readPromotion(raw, budget.currency);
    const live = coupons.promotions.live(site, promotion.id);
    if (live?.budget === budget.id && JSON.stringify(live.promotion) === JSON.stringify(promotion)) continue;
    coupons.offer(site, promotion, { budget: budget.id, by: 'release' });
    loaded.push(promotion.id);
  }
  return loaded;
}
