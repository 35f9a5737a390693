/** What the law of a shop's region says of its data and promotions: masks for devices, and a report for people. */

import type { FeatureSpec } from '../../shared/features/spec.ts';
import type { Promotion } from '../../shared/promotion.ts';
import { lawRulesOf } from '../../shared/promotions/law/law-rules.ts';
import { priceHistoryOf, untrueReductions } from '../../shared/promotions/law/prior-price.ts';
import { falseUrgency, movedEnds } from '../../shared/promotions/law/urgency.ts';
import type { MaskSettings } from '../../shared/promotions/masks.ts';
import type { Dataset } from '../dataset/load.ts';
import { type ProxyFinding, proxiesIn } from './proxy-report.ts';

export interface LawReport {
  region: string | undefined;
  /** What devices are told. */
  masks: NonNullable<MaskSettings['law']>;
  /** The rule of the prior price applies, but nobody gave price_history.jsonl. */
  pricesUnknown: boolean;
  proxies: ProxyFinding[];
}

/**
 * @param running promotions of the release before, whose countdowns must not be put off
 * @param now epoch milliseconds: prices and ends are judged as of then, so a release is renewed when prices change
 */
export function lawReport(
  { shop, promotions, products, decisions, priceHistory }: Dataset,
  spec: Pick<FeatureSpec, 'attributes'>,
  running: readonly Promotion[],
  now: number,
): LawReport {
  const rules = lawRulesOf(shop.region, shop.law);
  const urgent: Record<string, string> = {};
  for (const id of rules.countdown === 'free' ? [] : movedEnds(running, promotions))
    urgent[id] = 'the end of its countdown was put off';
  for (const promotion of promotions) {
    const wrong = falseUrgency(promotion, rules);
    if (wrong !== undefined) urgent[promotion.id] = wrong;
  }
  const checksPrices = rules.priorPrice !== undefined && priceHistory !== undefined;
  return {
    region: shop.region,
    masks: {
      untrue: checksPrices
        ? untrueReductions(promotions, products, priceHistoryOf(priceHistory), rules, now)
        : {},
      urgent,
      ...(rules.disclosure === undefined ? {} : { disclosure: rules.disclosure }),
    },
    pricesUnknown: rules.priorPrice !== undefined && priceHistory === undefined,
    proxies: proxiesIn(
      decisions,
      spec.attributes.map(({ name }) => name),
      shop.sensitive ?? [],
    ),
  };
}

/** The report in lines for the log. */
export function lawLines({ masks, pricesUnknown, proxies }: LawReport): string[] {
  const lines = Object.entries(masks.untrue).map(
    ([id, { sku, price, prior }]) =>
      `${id} is masked: ${sku} costs ${price}, its lowest price of the last 30 days was ${prior ?? 'unknown'}`,
  );
  for (const [id, wrong] of Object.entries(masks.urgent)) lines.push(`${id} is masked: ${wrong}`);
  if (pricesUnknown)
    lines.push(
      'no price_history.jsonl: that reductions are of the lowest price of 30 days cannot be checked. Put an empty one into the data folder: imports keep it from then on',
    );
  for (const { feature, sensitive, association, low, high } of proxies.filter(({ proxy }) => proxy))
    lines.push(
      `${feature} stands for ${sensitive}: Cramer's V ${association.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`,
    );
  return lines;
}
