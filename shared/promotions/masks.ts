/** Which promotions may be shown to a shopper now: the same masks on the device, on the server and in the trainer. */

import type { DecisionRequest, Reason } from '../decision.ts';
import { defined } from '../defined.ts';
import type { ActionPromotion } from '../features/actions.ts';
import type { CartLine, Digest } from '../features/digest.ts';
import type { Cart } from './cart.ts';
import type { Facts } from './facts.ts';
import type { UntrueReduction } from './law/prior-price.ts';
import { brokenRule } from './rules.ts';

const DAY_MS = 86_400_000;

/** What a release says about masks beside the promotions themselves. */
export interface MaskSettings {
  /** The shop's IANA zone. */
  timeZone?: string;
  /** Where a request names none. */
  locale?: string;
  law?: {
    /** Reductions that may not be announced, by promotion, as of the release. */
    untrue: Readonly<Record<string, UntrueReduction>>;
    /** Promotions with false urgency, and what is wrong. */
    urgent: Readonly<Record<string, string>>;
    /** Id of the text beside a price chosen from personal data. */
    disclosure?: string;
  };
}

export type Mask = (promotion: ActionPromotion) => Reason | undefined;

/**
 * A function that says why a promotion must not be shown, or undefined. In this order: not interested, another
 * placement, shown too often, schedule, eligibility, law. What a till alone can know (caps, budgets, minimums) masks nothing.
 */
export function maskOf(
  { request, now, cart }: Pick<Digest, 'request' | 'now' | 'cart'>,
  settings: MaskSettings = {},
): Mask {
  const facts = factsOf(request, now, settings);
  const goods = goodsOf(cart);
  return (promotion) => {
    const { id, placements } = promotion;
    if (request.dismissed?.includes(id)) return { code: 'dismissed', promotion: id };
    if (request.slot !== undefined && placements?.includes(request.slot) === false)
      return { code: 'placement', promotion: id, detail: { slot: request.slot } };
    const tooOften = shownTooOften(promotion, request, now);
    if (tooOften !== undefined) return tooOften;
    const broken = brokenRule(promotion, facts, goods);
    if (broken?.code === 'not-eligible')
      return { code: 'not-eligible', promotion: id, detail: broken.detail! };
    if (broken !== undefined) return { code: 'not-scheduled', promotion: id };
    return byLaw(id, settings.law);
  };
}

function factsOf(
  { attributes, segments, locale }: DecisionRequest,
  now: number | undefined,
  settings: MaskSettings,
): Facts {
  const known = { timeZone: settings.timeZone, attributes, segments, locale: locale ?? settings.locale };
  return { now, ...defined<Omit<Facts, 'now'>>(known) };
}

/** A product that no price is known of is worth 0 to a condition on the cart's total. */
function goodsOf(cart: readonly CartLine[]): Pick<Cart, 'lines'> {
  const lines = cart.map(({ sku, quantity, price, facts }, i) =>
    defined({
      ...{ id: `${i}`, sku, quantity, unitPrice: price ?? 0 },
      ...{ category: facts?.category, brand: facts?.brand },
    }),
  );
  return { lines };
}

/** An exposure without a time counts: a log without times has nothing better. */
function shownTooOften(
  { id, frequency }: ActionPromotion,
  { history }: DecisionRequest,
  now: number | undefined,
): Reason | undefined {
  if (frequency === undefined) return undefined;
  const { exposures, days } = frequency;
  const shown = history.filter(
    ({ name, promotion, ts }) =>
      name === 'view_promotion' &&
      promotion === id &&
      (ts === undefined || now === undefined || ts > now - days * DAY_MS),
  ).length;
  return shown < exposures
    ? undefined
    : { code: 'shown-often', promotion: id, detail: { shown, exposures, days } };
}

function byLaw(id: string, law: MaskSettings['law']): Reason | undefined {
  const untrue = law?.untrue[id];
  if (untrue !== undefined) return { code: 'prior-price', promotion: id, detail: { ...untrue } };
  const wrong = law?.urgent[id];
  return wrong === undefined ? undefined : { code: 'false-urgency', promotion: id, detail: { wrong } };
}

/** The reason that carries the disclosure, where a reduced price was chosen from what is known of the shopper. */
export function disclosureOf(
  promotion: ActionPromotion,
  request: DecisionRequest,
  settings: MaskSettings = {},
): Reason | undefined {
  const text = settings.law?.disclosure;
  if (text === undefined || GIVES_ALONG.has(promotion.terms.type)) return undefined;
  const personal = request.history.length > 0 || Object.keys(request.attributes ?? {}).length > 0;
  return personal ? { code: 'personalised-price', promotion: promotion.id, detail: { text } } : undefined;
}

/** Gives something along, or nothing: no price is another one for it. */
const GIVES_ALONG: ReadonlySet<string> = new Set(['none', 'gift', 'loyalty_points', 'message']);
