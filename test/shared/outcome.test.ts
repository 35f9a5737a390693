import { describe, expect, it } from 'vitest';
import type { BehaviourEvent } from '../../shared/event.ts';
import { OUTCOME_RULE, type OutcomeFacts, outcomeOf } from '../../shared/outcome.ts';

const FACTS: OutcomeFacts = {
  priceOf: (sku) => ({ tea: 1000, mug: 500 })[sku],
  costOf: (sku) => ({ tea: 400 })[sku],
  promotionOf: (id) =>
    ({
      gift: { terms: { type: 'gift' as const }, costPerUse: 150 },
      ten: { terms: { type: 'percentage' as const, percent: 10 }, costPerUse: 100 },
    })[id],
};
const RULE = { ...OUTCOME_RULE, marginShare: 0.3, windowMs: 1000 };
const event = (
  ts: number,
  name: BehaviourEvent['name'],
  rest: Partial<BehaviourEvent> = {},
): BehaviourEvent => ({
  visitor: 'v',
  ts,
  name,
  ...rest,
});
const outcome = (action: string, following: BehaviourEvent[], nextAt?: number, rule = RULE) =>
  outcomeOf({ ts: 0, action }, following, nextAt, FACTS, rule);

describe('the reward of a decision', () => {
  it('is the margin of what was bought: price paid less cost, else the margin share', () => {
    const items = [
      { sku: 'tea', quantity: 2, price: 900 },
      { sku: 'mug', quantity: 1 },
    ];
    // 2 * (900 - 400) + 0.3 * 500
    expect(outcome('none', [event(10, 'purchase', { items })]).reward).toBe(1150);
  });

  it('takes off the cost of a gift that was used, but not of a discount that the price shows', () => {
    const purchase = event(10, 'purchase', { sku: 'tea' });
    expect(outcome('gift', [purchase])).toMatchObject({ reward: 450, spend: 150 });
    expect(outcome('ten', [purchase])).toMatchObject({ reward: 600, spend: 100 });
    expect(outcome('gift', [{ ...purchase, promotion: 'ten' }])).toMatchObject({ reward: 600, spend: 0 });
  });

  it('counts an order-level discount against the margin', () => {
    expect(outcome('none', [event(10, 'purchase', { sku: 'tea', value: 800 })]).reward).toBe(400);
  });

  it('subtracts refunds of what was bought, and of nothing else', () => {
    const bought = event(10, 'purchase', { items: [{ sku: 'tea', quantity: 2, price: 1000 }] });
    const refund = (sku: string, quantity: number) =>
      event(5000, 'refund', { items: [{ sku, quantity, price: 1000 }] });
    expect(outcome('none', [bought, refund('tea', 1)]).reward).toBe(600);
    expect(outcome('none', [bought, refund('tea', 9)]).reward).toBe(0);
    expect(outcome('none', [bought, refund('mug', 1)]).reward).toBe(1200);
    expect(outcome('none', [refund('tea', 1)]).reward).toBe(0);
  });

  it('leaves purchases to the next decision, and to nobody after the window', () => {
    const purchase = event(600, 'purchase', { sku: 'tea' });
    expect(outcome('none', [purchase], 500).purchases).toBe(0);
    expect(outcome('none', [purchase], 700).purchases).toBe(1);
    expect(outcome('none', [event(1000, 'purchase', { sku: 'tea' })]).purchases).toBe(0);
  });

  it('pays for one click on the promotion shown, where that is declared', () => {
    const click = event(10, 'select_promotion', { promotion: 'ten' });
    const rule = { ...RULE, clickReward: 5 };
    expect(outcome('ten', [click, click], undefined, rule).reward).toBe(5);
    expect(outcome('gift', [click], undefined, rule).reward).toBe(0);
    expect(outcome('ten', [click]).reward).toBe(0);
  });
});
