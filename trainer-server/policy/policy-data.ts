/** Logged decisions as arrays: what policy training, estimators and baselines read. */

import type { LoggedDecision } from '../../shared/decision.ts';
import {
  type ActionPromotion,
  MEANING_WIDTH,
  meaningOf,
  termsOf,
  termsWidth,
} from '../../shared/features/actions.ts';
import { discountOf } from '../../shared/features/context/exposure.ts';
import { contextNames, contextOf } from '../../shared/features/context.ts';
import { digestOf, type Surroundings } from '../../shared/features/digest.ts';
import { NONE } from '../../shared/promotion.ts';

/**
 * n decisions with `rows` = sum of eligible promotions in all. The rows of decision i are offsets[i] to
 * offsets[i + 1], in the order of its `eligible`.
 */
export interface PolicyData {
  count: number;
  sessionWidth: number;
  contextWidth: number;
  /** [n, sessionWidth + contextWidth] */
  states: Float32Array;
  /** Row i: features of promotion i that depend on it alone, [promotions, termsWidth]. */
  terms: Float32Array;
  termsWidth: number;
  promotions: string[];
  /** [n + 1] */
  offsets: Int32Array;
  /** Index into `promotions`, [rows]. */
  promotion: Int32Array;
  /** Features of a promotion that depend on the shopper too, [rows, MEANING_WIDTH]. */
  meaning: Float32Array;
  /** The state that showing a promotion changes for good, and by how much. */
  lasting: Lasting;
  /** Position of the logged action within the eligible ones, [n]. */
  chosen: Int32Array;
  /** [n], in the log's own unit. */
  reward: Float64Array;
  /** Probability of the logged action; NaN where the log has none, [n]. */
  propensity: Float64Array;
  /** Taken from the budget by each decision, in the log's own unit; absent where the log has none, [n]. */
  spend?: Float64Array;
  /** 1 where the promotion shown was clicked, 0 where not, -1 where none was shown; absent without clicks, [n]. */
  clicked?: Int8Array;
  /** The same visitor's next decision, -1 for none, [n]. */
  next: Int32Array;
  /** Which visitor, numbered by first appearance, [n]: the unit that folds and bootstraps draw. */
  visitor: Int32Array;
}

export interface Lasting {
  /** Place of the feature within a state. */
  column: number;
  /** What showing each promotion adds to it, [rows]. */
  adds: Float32Array;
}

export type RewardedDecision = LoggedDecision & { reward: number };

/**
 * @param decisions in time order
 * @param surroundings promotions not in it are taken as known by id alone
 * @param sessionStates [n, width] from the session encoder, or undefined where none was trained
 */
export function policyData(
  decisions: readonly RewardedDecision[],
  surroundings: Surroundings & { promotions: ReadonlyMap<string, ActionPromotion> },
  sessionStates?: Float32Array,
): PolicyData {
  const { spec } = surroundings;
  const n = decisions.length;
  const sessionWidth = sessionStates === undefined || n === 0 ? 0 : sessionStates.length / n;
  const names = contextNames(spec);
  const width = sessionWidth + names.length;
  const { table, index } = promotionTable(decisions, surroundings.promotions);
  const offsets = new Int32Array(n + 1);
  decisions.forEach(({ eligible }, i) => {
    offsets[i + 1] = offsets[i]! + eligible.length;
  });
  const data: PolicyData = {
    count: n,
    sessionWidth,
    contextWidth: width - sessionWidth,
    states: new Float32Array(n * width),
    terms: Float32Array.from(table.flatMap((promotion) => termsOf(promotion, spec))),
    termsWidth: termsWidth(spec),
    promotions: table.map((promotion) => promotion.id),
    offsets,
    promotion: new Int32Array(offsets[n]!),
    meaning: new Float32Array(offsets[n]! * MEANING_WIDTH),
    lasting: {
      column: sessionWidth + names.indexOf('discount.seen'),
      adds: new Float32Array(offsets[n]!),
    },
    chosen: Int32Array.from(decisions, ({ eligible, action }) => eligible.indexOf(action)),
    reward: Float64Array.from(decisions, ({ reward }) => reward),
    propensity: Float64Array.from(decisions, ({ propensity }) => propensity ?? Number.NaN),
    ...(decisions.every(({ spend }) => spend !== undefined)
      ? { spend: Float64Array.from(decisions, ({ spend }) => spend!) }
      : {}),
    ...chains(decisions),
  };
  decisions.forEach((decision, i) => {
    const digest = digestOf(decision, surroundings);
    if (sessionStates !== undefined) {
      data.states.set(sessionStates.subarray(i * sessionWidth, (i + 1) * sessionWidth), i * width);
    }
    data.states.set(contextOf(digest), i * width + sessionWidth);
    decision.eligible.forEach((id, j) => {
      const row = offsets[i]! + j;
      const promotion = table[index.get(id)!]!;
      data.promotion[row] = index.get(id)!;
      data.meaning.set(meaningOf(promotion, digest), row * MEANING_WIDTH);
      data.lasting.adds[row] = discountOf(promotion, digest);
    });
  });
  return data;
}

/** Every promotion that is eligible somewhere, `none` first. */
function promotionTable(
  decisions: readonly RewardedDecision[],
  known: ReadonlyMap<string, ActionPromotion>,
): { table: ActionPromotion[]; index: Map<string, number> } {
  const table: ActionPromotion[] = [NONE];
  const index = new Map([[NONE.id, 0]]);
  for (const { eligible } of decisions) {
    for (const id of eligible) {
      if (index.has(id)) continue;
      index.set(id, table.length);
      table.push(known.get(id) ?? { id, terms: { type: 'message' } });
    }
  }
  return { table, index };
}

function chains(decisions: readonly RewardedDecision[]): Pick<PolicyData, 'next' | 'visitor'> {
  const numbers = new Map<string, number>();
  const last = new Map<string, number>();
  const next = new Int32Array(decisions.length).fill(-1);
  const visitor = Int32Array.from(decisions, (decision, i) => {
    const before = last.get(decision.visitor);
    if (before !== undefined) next[before] = i;
    last.set(decision.visitor, i);
    if (!numbers.has(decision.visitor)) numbers.set(decision.visitor, numbers.size);
    return numbers.get(decision.visitor)!;
  });
  return { next, visitor };
}

/** Widths of a network's inputs, the price of budget not among them. */
export function headOf(data: PolicyData) {
  const { sessionWidth, contextWidth, termsWidth } = data;
  return { sessionWidth, contextWidth, actionWidth: termsWidth + MEANING_WIDTH };
}

/** Most promotions that any of these decisions may choose from: the width of a padded batch. */
export function widestChoice(data: PolicyData): number {
  let widest = 1;
  for (let i = 0; i < data.count; i++) widest = Math.max(widest, data.offsets[i + 1]! - data.offsets[i]!);
  return widest;
}

/** Decisions by fold of k: all of a visitor's fall into one, so that no shopper is on both sides. */
export function foldsOf(data: PolicyData, k: number): Int32Array {
  // A multiplicative hash, since visitors are numbered in time order and folds must not be periods.
  return Int32Array.from(data.visitor, (number) => (Math.imul(number + 1, 0x9e3779b1) >>> 8) % k);
}
