/** Ranks the whole catalogue for a history: the mixture of all recommenders that the data allowed. */

import type { BehaviourEvent } from '../event.ts';
import { PARTS, type Part, type PartTables, partScores, recentRows } from './parts.ts';
import type { Relation } from './relation.ts';

/**
 * Mixture weights by what is known of the shopper, [CONTEXTS][PARTS], each row summing to one. Fitted on a held-out
 * split.
 */
export type Blend = number[][];

/** No known product, one, few, many. */
export const CONTEXTS = 4;

export function contextOf(recent: readonly number[]): number {
  return recent.length < 2 ? recent.length : recent.length < 5 ? 2 : 3;
}

export interface Recommender extends PartTables {
  blend: Blend;
  /** What is bought together; read by cross recommendation alone. */
  complements?: Relation | undefined;
  rowOf(sku: string): number | undefined;
}

export interface RecommendRequest {
  history: readonly BehaviourEvent[];
  /** Leave out what the history holds. */
  excludeSeen?: boolean | undefined;
  /** 1 for rows that may be recommended; all where absent. */
  allowed?: ArrayLike<number> | undefined;
}

/**
 * Probability-like scores of every product, [rows]; -1 for what must not be recommended.
 * @param state the session encoder's state for this history, absent where none was trained
 */
export function recommendScores(
  recommender: Recommender,
  request: RecommendRequest,
  state?: Float32Array,
): Float32Array {
  const recent = recentRows(request.history, recommender.rowOf);
  const scores = mixture(recommender, recent, recommender.blend[contextOf(recent)]!, state);
  if (request.excludeSeen === true) {
    for (const event of request.history) for (const row of rowsOf(event, recommender)) scores[row] = -1;
  }
  if (request.allowed !== undefined) {
    for (let row = 0; row < scores.length; row++) if (request.allowed[row] !== 1) scores[row] = -1;
  }
  return scores;
}

/** The weighted sum of the parts, [rows]. */
export function mixture(
  tables: PartTables,
  recent: readonly number[],
  weights: readonly number[],
  state?: Float32Array,
): Float32Array {
  const scores = new Float32Array(tables.rows);
  PARTS.forEach((part: Part, k) => {
    const weight = weights[k]!;
    if (weight === 0) return;
    const of = partScores(part, tables, recent, state);
    if (of === undefined) return;
    for (let row = 0; row < scores.length; row++) scores[row]! += weight * of[row]!;
  });
  return scores;
}

function rowsOf(event: BehaviourEvent, { rowOf }: Recommender): number[] {
  const skus = [event.sku, ...(event.items ?? []).map((item) => item.sku)];
  return skus.flatMap((sku) => (sku === undefined ? [] : (rowOf(sku) ?? [])));
}
