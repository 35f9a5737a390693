/** Small worlds for the tests of features and decisions. */

import { EXPLORATION } from '../../shared/choose.ts';
import type { DecisionModel } from '../../shared/decide.ts';
import type { DecisionRequest } from '../../shared/decision.ts';
import type { BehaviourEvent, EventName } from '../../shared/event.ts';
import { type ActionPromotion, actionNames } from '../../shared/features/actions.ts';
import type { Surroundings } from '../../shared/features/digest.ts';
import type { ProductFacts } from '../../shared/features/sequence.ts';
import type { FeatureSpec } from '../../shared/features/spec.ts';
import { FEATURE_VERSION } from '../../shared/features/vocabulary.ts';

export const NOON = Date.UTC(2026, 0, 5, 12);

export const SPEC: FeatureSpec = {
  version: FEATURE_VERSION,
  attributes: [
    { name: 'age', kind: 'number', mean: 40, deviation: 10, edges: [30, 50] },
    { name: 'channel', kind: 'category', values: ['web', 'app'] },
    { name: 'member', kind: 'boolean' },
  ],
  slots: ['home', 'cart'],
  promotions: ['none', 'ten-off', 'tea-20'],
  categories: ['tea', 'mugs'],
  words: ['sale'],
  priceEdges: [500, 1000, 2000],
  priceScale: 1000,
};

const PRODUCTS: Record<string, ProductFacts> = {
  oolong: { row: 0, price: 1000, category: ['Kitchen', 'Tea'], brand: 'Fujian' },
  sencha: { row: 1, price: 2000, category: ['Kitchen', 'Tea'], brand: 'Uji' },
  mug: { row: 2, price: 500, category: ['Kitchen', 'Mugs'] },
};

export const PROMOTIONS: ActionPromotion[] = [
  { id: 'ten-off', terms: { type: 'fixed_amount', amount: 1000, minimum: 3000 } },
  { id: 'tea-20', terms: { type: 'percentage', percent: 20 }, scope: { category: 'tea' } },
];

export const SURROUNDINGS: Surroundings & { promotions: ReadonlyMap<string, ActionPromotion> } = {
  spec: SPEC,
  products: { find: (sku) => PRODUCTS[sku] },
  promotions: new Map(PROMOTIONS.map((promotion) => [promotion.id, promotion])),
};

/** A trained policy without a session encoder, to whom no promotion costs anything. */
export const MODEL: DecisionModel = {
  ...SURROUNDINGS,
  sessionWidth: 0,
  trained: true,
  budgetCost: {},
  budgetPrice: 0,
  exploration: EXPLORATION,
};

/** Values a promotion at 10 a unit of its percent feature, and a known amount off at 5. */
export const ENGINE = {
  encodeSession: async () => new Float32Array(0),
  score: async (_: Float32Array, actions: Float32Array, count: number) => {
    const names = actionNames(SPEC);
    const at = (row: number, name: string) => actions[row * names.length + names.indexOf(name)]!;
    return Float32Array.from({ length: count }, (_, i) => 10 * at(i, 'percent') + 5 * at(i, 'amount.known'));
  },
};

/** An event so many minutes before NOON. */
export function ago(minutes: number, name: EventName, rest: Partial<BehaviourEvent> = {}): BehaviourEvent {
  return { visitor: 'v', name, ts: NOON - minutes * 60_000, ...rest };
}

export const requestOf = (rest: Partial<DecisionRequest> = {}): DecisionRequest => ({
  ts: NOON,
  history: [],
  ...rest,
});
