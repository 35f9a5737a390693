/**
 * The reward rule, written once: what a decision earned, from the events that followed it. Used where a log carries
 * no `reward`, and on the device for its own outcomes.
 *
 *   reward = margin of the purchases attributed to it
 *          - cost of one use of a gift, free shipping or points (discounts show in the price paid already)
 *          - margin given back by refunds of those purchases
 *          + clickReward where the promotion shown was clicked (declared shaping; 0 by default)
 *
 * A purchase is attributed to the visitor's last decision before it, within the window: each purchase counts once.
 * Margin of a line = quantity * (price paid - cost). Without a cost it is the shop's margin share of the price;
 * without that either, the whole price counts, and the reward is then revenue.
 */

import type { LoggedDecision } from './decision.ts';
import { type BehaviourEvent, type EventItem, itemsOf } from './event.ts';
import type { Minor } from './money.ts';
import { NONE_ID, type Promotion, type PromotionType } from './promotion.ts';

export interface OutcomeRule {
  /** A purchase later than this after a decision is not its doing, ms. */
  windowMs: number;
  /** Declared shaping: worth of one click on the promotion, minor units. */
  clickReward: Minor;
  /** Margin as a share of the price, for products without a cost; 1 counts revenue. */
  marginShare: number;
}

export const OUTCOME_RULE: OutcomeRule = { windowMs: 24 * 3600_000, clickReward: 0, marginShare: 1 };

/** What the trainer knows of money. On the device costs are absent and revenue share stands in for margin. */
export interface OutcomeFacts {
  priceOf(sku: string): Minor | undefined;
  costOf(sku: string): Minor | undefined;
  promotionOf(id: string): Pick<Promotion, 'costPerUse' | 'terms'> | undefined;
}

export interface Outcome {
  /** Minor units. */
  reward: Minor;
  /** Taken from the budget: the promotion's `cost_per_use`, for each purchase that used it. */
  spend: Minor;
  purchases: number;
  refunds: number;
  clicked: boolean;
}

/** Promotions whose cost no price shows. */
const UNPRICED: ReadonlySet<PromotionType> = new Set(['gift', 'free_shipping', 'loyalty_points']);

/**
 * The outcome of one decision.
 * @param following the same visitor's events after the decision, oldest first
 * @param nextAt time of the visitor's next decision, from which on purchases are that one's
 */
export function outcomeOf(
  decision: Pick<LoggedDecision, 'ts' | 'action'>,
  following: readonly BehaviourEvent[],
  nextAt: number | undefined,
  facts: OutcomeFacts,
  rule: OutcomeRule,
): Outcome {
  const until = Math.min(nextAt ?? Number.POSITIVE_INFINITY, (decision.ts ?? 0) + rule.windowMs);
  const promotion = facts.promotionOf(decision.action);
  const cost = promotion?.costPerUse ?? 0;
  const bought = new Map<string, EventItem>();
  const outcome: Outcome = { reward: 0, spend: 0, purchases: 0, refunds: 0, clicked: false };
  for (const event of following) {
    const inWindow = event.ts === undefined || event.ts < until;
    if (event.name === 'purchase' && inWindow) {
      outcome.purchases++;
      outcome.reward += marginOf(event, facts, rule);
      for (const item of itemsOf(event)) bought.set(item.sku, item);
      if (usedBy(decision.action, event)) {
        if (promotion !== undefined && UNPRICED.has(promotion.terms.type)) outcome.reward -= cost;
        outcome.spend += cost;
      }
    } else if (event.name === 'refund' && outcome.purchases > 0) {
      outcome.refunds++;
      outcome.reward -= refundedMargin(event, bought, facts, rule);
    } else if (event.name === 'select_promotion' && event.promotion === decision.action && inWindow) {
      if (!outcome.clicked) outcome.reward += rule.clickReward;
      outcome.clicked = true;
    }
  }
  return outcome;
}

/** A purchase that names its promotion used that one; one that names none used what was shown. */
function usedBy(action: string, event: BehaviourEvent): boolean {
  return action !== NONE_ID && (event.promotion === undefined || event.promotion === action);
}

function marginOf(event: BehaviourEvent, facts: OutcomeFacts, rule: OutcomeRule): number {
  const items = itemsOf(event);
  if (items.length === 0) return (event.value ?? 0) * rule.marginShare;
  const priced = items.map((item) => ({ ...item, price: item.price ?? facts.priceOf(item.sku) }));
  const listed = priced.reduce((sum, item) => sum + item.quantity * (item.price ?? 0), 0);
  // `value` is what was paid for all of it: where it differs, an order-level discount was given.
  const paid = event.value ?? listed;
  const margins = priced.reduce((sum, item) => sum + lineMargin(item, facts, rule), 0);
  return margins + (paid - listed) * (listed === 0 ? rule.marginShare : 1);
}

/** Only what was bought in answer to the decision is taken back, and no more of it than was bought. */
function refundedMargin(
  event: BehaviourEvent,
  bought: Map<string, EventItem>,
  facts: OutcomeFacts,
  rule: OutcomeRule,
): number {
  let sum = 0;
  for (const { sku, quantity, price } of itemsOf(event)) {
    const held = bought.get(sku);
    if (held === undefined) continue;
    const back = Math.min(quantity, held.quantity);
    sum += lineMargin({ sku, quantity: back, price: price ?? held.price ?? facts.priceOf(sku) }, facts, rule);
    bought.set(sku, { ...held, quantity: held.quantity - back });
  }
  return sum;
}

function lineMargin(
  { sku, quantity, price }: { sku: string; quantity: number; price: Minor | undefined },
  facts: OutcomeFacts,
  rule: OutcomeRule,
): number {
  if (price === undefined) return 0;
  const cost = facts.costOf(sku);
  return quantity * (cost === undefined ? price * rule.marginShare : price - cost);
}
