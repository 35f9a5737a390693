/** Rewards where the log has none: the outcome rule over the events that followed. */

import type { LoggedDecision } from '../../shared/decision.ts';
import type { BehaviourEvent } from '../../shared/event.ts';
import { toMajor } from '../../shared/money.ts';
import {
  OUTCOME_RULE,
  type Outcome,
  type OutcomeFacts,
  type OutcomeRule,
  outcomeOf,
} from '../../shared/outcome.ts';
import type { Dataset } from '../dataset/load.ts';

export interface Rewarded {
  decisions: (LoggedDecision & { reward: number })[];
  /** Of each, its place in the dataset. */
  places: number[];
  computed: number;
  dropped: number;
}

/**
 * The decisions that have a reward, logged or computed (in major units, as files carry money). Without events, or
 * without a time, nothing can be computed and the decision is left out; a visitor without later events earned 0.
 * @returns also how many were computed and how many left out, for the report
 */
export function rewardedDecisions(
  dataset: Pick<Dataset, 'decisions' | 'events' | 'products' | 'promotions' | 'shop'>,
  rule: OutcomeRule = { ...OUTCOME_RULE, marginShare: dataset.shop.margin ?? 1 },
): Rewarded {
  const { decisions: logged, shop } = dataset;
  if (logged.every((decision) => decision.reward !== undefined)) {
    const decisions = logged as (LoggedDecision & { reward: number })[];
    return { decisions, places: [...decisions.keys()], computed: 0, dropped: 0 };
  }
  const outcomes = outcomesOf(dataset, rule);
  const decisions: (LoggedDecision & { reward: number })[] = [];
  const places: number[] = [];
  let computed = 0;
  logged.forEach((decision, i) => {
    const outcome = outcomes[i];
    if (decision.reward !== undefined) decisions.push({ ...decision, reward: decision.reward });
    else if (outcome !== undefined) {
      computed++;
      decisions.push({
        ...decision,
        reward: toMajor(Math.round(outcome.reward), shop.currency),
        spend: decision.spend ?? toMajor(Math.round(outcome.spend), shop.currency),
      });
    } else return;
    places.push(i);
  });
  return { decisions, places, computed, dropped: logged.length - decisions.length };
}

/** What came of each decision by the outcome rule, [n]; undefined where it has no time, or the log no events. */
export function outcomesOf(
  dataset: Pick<Dataset, 'decisions' | 'events' | 'products' | 'promotions'>,
  rule: OutcomeRule,
): (Outcome | undefined)[] {
  const facts = factsOf(dataset);
  const byVisitor = eventsByVisitor(dataset.events);
  const nextAt = nextTimes(dataset.decisions);
  return dataset.decisions.map((decision, i) => {
    const { ts } = decision;
    if (ts === undefined || byVisitor.size === 0) return undefined;
    // An event at the decision's own instant is its outcome, never its history.
    const following = (byVisitor.get(decision.visitor) ?? []).filter((event) => (event.ts ?? 0) >= ts);
    return outcomeOf(decision, following, nextAt[i], facts, rule);
  });
}

function factsOf({ products, promotions }: Pick<Dataset, 'products' | 'promotions'>): OutcomeFacts {
  const bySku = new Map(products.map((product) => [product.sku, product]));
  const byId = new Map(promotions.map((promotion) => [promotion.id, promotion]));
  return {
    priceOf: (sku) => bySku.get(sku)?.price,
    costOf: (sku) => bySku.get(sku)?.cost,
    promotionOf: (id) => byId.get(id),
  };
}

/** For each decision (in time order) when its visitor is next decided for. */
function nextTimes(decisions: readonly LoggedDecision[]): (number | undefined)[] {
  const next = new Map<string, number | undefined>();
  const out: (number | undefined)[] = new Array(decisions.length);
  for (let i = decisions.length - 1; i >= 0; i--) {
    const { visitor, ts } = decisions[i]!;
    out[i] = next.get(visitor);
    next.set(visitor, ts);
  }
  return out;
}

function eventsByVisitor(events: readonly BehaviourEvent[]): Map<string, BehaviourEvent[]> {
  const out = new Map<string, BehaviourEvent[]>();
  for (const event of events) {
    const own = out.get(event.visitor);
    if (own === undefined) out.set(event.visitor, [event]);
    else own.push(event);
  }
  return out;
}
