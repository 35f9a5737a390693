/** Ranks the whole catalogue for a history: the mixture of all recommenders that the data allowed. */

import type { BehaviourEvent } from '../event.ts';
import { PARTS, type Part, type PartTables, partScores, recentRows } from './parts.ts';

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

/** The k best rows, best first, equal scores by row; rows below zero are left out. */
export function topRows(scores: Float32Array, k: number): number[] {
  const before = (a: number, b: number): boolean =>
    scores[a]! > scores[b]! || (scores[a] === scores[b] && a < b);
  // A heap whose root is the worst of the best k so far: one pass over the catalogue.
  const heap: number[] = [];
  const sink = (at: number): void => {
    for (;;) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && before(heap[worst]!, heap[child]!)) worst = child;
      }
      if (worst === at) return;
      [heap[at], heap[worst]] = [heap[worst]!, heap[at]!];
      at = worst;
    }
  };
  for (let row = 0; row < scores.length; row++) {
    if (!(scores[row]! >= 0)) continue;
    if (heap.length < k) {
      heap.push(row);
      if (heap.length === k) for (let at = (k >> 1) + 1; at-- > 0; ) sink(at);
    } else if (k > 0 && before(row, heap[0]!)) {
      heap[0] = row;
      sink(0);
    }
  }
  return heap.sort((a, b) => (before(a, b) ? -1 : 1));
}

function rowsOf(event: BehaviourEvent, { rowOf }: Recommender): number[] {
  const skus = [event.sku, ...(event.items ?? []).map((item) => item.sku)];
  return skus.flatMap((sku) => (sku === undefined ? [] : (rowOf(sku) ?? [])));
}
