/** A decision as the page gets it: with the promotion's words, or the default one and why. */

import type { PublicPromotion } from '../../shared/bundle.ts';
import { defined } from '../../shared/defined.ts';
import { NONE_ID } from '../../shared/promotion.ts';
import type { DecideOptions, Explanation, SlotDecision } from '../api.ts';
import type { Model } from '../model.ts';
import { creativeOf } from './creative.ts';
import type { DecisionRecord } from './record.ts';

export function byPolicy(record: DecisionRecord, model: Model, locale: string): SlotDecision {
  const { id, slot, decision, tier, release } = record;
  const words = wordsOf(decision.action, model, locale);
  // It travels with every promotion, and is true of a price that something personal chose.
  if (!decision.reasons.some(({ code }) => code === 'personalised-price')) delete words.creative?.disclosure;
  return { ...decision, id, slot, source: 'policy', tier, release, ...words };
}

export function byDefault(id: string, slot: string, options: DecideOptions, code: string): SlotDecision {
  const action = options.fallback ?? NONE_ID;
  return { id, slot, source: 'default', action, propensity: 1, values: {}, reasons: [{ code }], ms: 0 };
}

/** @param model undefined where there is no release: an action without words */
export function byOverride(
  id: string,
  slot: string,
  { action, promotion }: { action: string; promotion: PublicPromotion | undefined },
  model: Model | undefined,
  locale: string,
): SlotDecision {
  const words =
    promotion !== undefined
      ? said(promotion, locale, model?.meta.shop.locale ?? locale)
      : model === undefined
        ? {}
        : wordsOf(action, model, locale);
  return { ...byDefault(id, slot, { fallback: action }, 'override'), source: 'override', ...words };
}

/** @param model undefined where there is no release any more: then without words */
export function explanationOf(record: DecisionRecord, model: Model | undefined, locale: string): Explanation {
  const { id, slot, ts, decision, probabilities, request, tier, release } = record;
  const { creative } = model === undefined ? {} : wordsOf(decision.action, model, locale);
  return defined<Explanation>({
    ...{ ...decision, id, slot, ts, probabilities, tier, release },
    ...{ eligible: request.eligible, events: request.history.length, creative },
  });
}

function wordsOf(
  action: string,
  { meta }: Model,
  locale: string,
): Pick<SlotDecision, 'promotion' | 'creative'> {
  const promotion = meta.promotions.find(({ id }) => id === action);
  return promotion === undefined ? {} : said(promotion, locale, meta.shop.locale);
}

function said(
  promotion: PublicPromotion,
  locale: string,
  shopLocale: string,
): Pick<SlotDecision, 'promotion' | 'creative'> {
  return defined({ promotion, creative: creativeOf(promotion, locale, shopLocale) });
}
