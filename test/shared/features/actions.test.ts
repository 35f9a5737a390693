import { describe, expect, it } from 'vitest';
import type { DecisionRequest } from '../../../shared/decision.ts';
import {
  type ActionPromotion,
  actionNames,
  actionsOf,
  actionWidth,
} from '../../../shared/features/actions.ts';
import { digestOf } from '../../../shared/features/digest.ts';
import { NONE } from '../../../shared/promotion.ts';
import { ago, NOON, PROMOTIONS, requestOf, SPEC, SURROUNDINGS } from '../../helpers/policy.ts';

const [tenOff, tea20] = PROMOTIONS as [ActionPromotion, ActionPromotion];

function features(
  promotion: ActionPromotion,
  request: DecisionRequest = requestOf(),
): Record<string, number> {
  const values = actionsOf(digestOf(request, SURROUNDINGS), [promotion]);
  return Object.fromEntries(actionNames(SPEC).map((name, i) => [name, values[i]!]));
}

describe('action features', () => {
  it('write the terms', () => {
    const f = features(tenOff);
    expect([f['type:fixed_amount'], f['type:percentage'], f['percent']]).toEqual([1, 0, 0]);
    expect(f['amount']).toBeCloseTo(Math.log(2) / 2, 6);
    expect(f['minimum']).toBeCloseTo(Math.log(3), 6);
    expect(features(tea20)['percent']).toBeCloseTo(0.8, 6);
  });

  it('know a promotion of training by its id, and one that training never saw by its terms alone', () => {
    expect([features(tea20)['id:tea-20'], features(tea20)['id:unknown']]).toEqual([1, 0]);
    const fresh = features({ ...tea20, id: 'tea-25' });
    expect([fresh['id:tea-20'], fresh['id:unknown'], fresh['percent']]).toEqual([
      0,
      1,
      features(tea20)['percent'],
    ]);
  });

  it('measure the share of interest and of the cart that is in scope', () => {
    const request = requestOf({
      history: [ago(2, 'view_item', { sku: 'mug' }), ago(2, 'view_item', { sku: 'oolong' })],
      cart: [
        { sku: 'oolong', quantity: 3 },
        { sku: 'mug', quantity: 2 },
      ],
    });
    const f = features(tea20, request);
    expect(f['interest.share']).toBeCloseTo(0.5, 6);
    expect(f['last.in-scope']).toBe(1);
    expect(f['cart.share']).toBeCloseTo(0.75, 6);
    // 20 % of 3000 in a cart of 4000.
    expect(f['cart.benefit.share']).toBeCloseTo(0.15, 6);
  });

  it('say how far the cart is from the minimum', () => {
    const f = features(tenOff, requestOf({ cart: [{ sku: 'oolong', quantity: 1 }] }));
    expect([f['minimum.reached'], f['cart.benefit']]).toEqual([0, 0]);
    expect(f['minimum.missing']).toBeCloseTo(2 / 3, 6);
    expect(features(tenOff, requestOf({ cart: [{ sku: 'oolong', quantity: 3 }] }))['minimum.reached']).toBe(
      1,
    );
  });

  it('count how often this very promotion was shown, ignored and taken', () => {
    const history = [
      ago(9, 'view_promotion', { promotion: 'tea-20' }),
      ago(8, 'view_promotion', { promotion: 'tea-20' }),
      ago(7, 'view_promotion', { promotion: 'ten-off' }),
    ];
    expect(features(tea20, requestOf({ history }))['shown']).toBeCloseTo(Math.log(3) / 2, 6);
    expect(features(tenOff, requestOf({ history }))['shown.last']).toBe(1);
    const clicked = [...history, ago(6, 'select_promotion', { promotion: 'tea-20' })];
    expect(features(tea20, requestOf({ history: clicked }))['ignored']).toBe(0);
  });

  it('know how soon it ends', () => {
    const f = (ends: number) => features({ ...tea20, schedule: { ends } })['ends.soon']!;
    expect(f(NOON + 60_000)).toBeGreaterThan(f(NOON + 86_400_000));
    expect(features(tea20)['ends.soon']).toBe(0);
  });

  it('give every promotion a row, `none` included', () => {
    const values = actionsOf(digestOf(requestOf(), SURROUNDINGS), [NONE, ...PROMOTIONS]);
    expect(values.length).toBe(3 * actionWidth(SPEC));
    expect(actionNames(SPEC).length).toBe(actionWidth(SPEC));
  });
});
