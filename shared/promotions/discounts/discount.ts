/** What a type of promotion takes off a basket: a rule per file, listed in index.ts. */

import type { Minor } from '../../money.ts';
import type { Terms } from '../../promotion.ts';
import type { Basket, Discount } from '../basket.ts';

/** Why a promotion takes nothing off this basket. */
export interface Refusal {
  code: RefusalCode;
  detail?: Record<string, string | number | boolean>;
}

/** Stable; texts are made from it where it is shown. */
export type RefusalCode =
  | 'not-started'
  | 'ended'
  | 'outside-hours'
  | 'unread-rule'
  | 'currency'
  | 'not-eligible'
  | 'cap-shopper'
  | 'cap-total'
  | 'budget'
  | 'empty-cart'
  | 'minimum'
  | 'nothing-in-scope'
  | 'too-few-pieces'
  | 'bundle-incomplete'
  | 'no-saving'
  | 'group'
  | 'not-stackable'
  | 'would-be-free';

export interface DiscountContext {
  basket: Basket;
  /** Indices of the lines in scope, ascending. */
  scope: readonly number[];
  /** Most repetitions in one order. */
  perOrder: number;
}

/** Reads the basket and changes nothing. */
export type DiscountRule<T> = (terms: T, context: DiscountContext) => Discount | Refusal;

export type TermsOf<T extends Terms['type']> = Extract<Terms, { type: T }>;

export const isRefusal = (result: Discount | Refusal): result is Refusal => 'code' in result;

/** Takes nothing off. */
export const NOTHING: Discount = { at: [], weights: [], goods: 0, shipping: 0 };

/** What lines still cost. */
export const openOf = ({ open }: Basket, at: readonly number[]): Minor[] => at.map((i) => open[i]!);

/** A sum off lines, at most the sum of their weights. */
export function offLines(goods: Minor, at: readonly number[], weights: readonly Minor[]): Discount {
  return { at, weights, goods, shipping: 0 };
}
