/** A held-out question with what every recommender says to it, kept small enough to ask thousands of times. */

import { PARTS, type PartTables, partScores } from '../../shared/recommend/parts.ts';
import { contextOf } from '../../shared/recommend/recommend.ts';
import { topRows } from '../../shared/recommend/top-rows.ts';

/** A held-out question as the parts see it. */
export interface BlendCase {
  recent: number[];
  /** The session encoder's state. */
  state?: Float32Array | undefined;
  target: number;
}

export interface ScoredCase {
  context: number;
  /** Probability of each candidate under each part, [PARTS][candidates]; the target is candidate 0. */
  parts: Float32Array[];
}

/** Best products of each part that are candidates: a mixture's best twenty are among them. */
const CANDIDATES = 60;

export function scoreCase(tables: PartTables, { recent, state, target }: BlendCase): ScoredCase {
  const dense = PARTS.map((part) => partScores(part, tables, recent, state));
  const rows = new Set([target]);
  for (const scores of dense) {
    if (scores !== undefined)
      for (const row of topRows(scores, CANDIDATES)) if (scores[row]! > 0) rows.add(row);
  }
  const candidates = [...rows];
  return {
    context: contextOf(recent),
    parts: dense.map((scores) => Float32Array.from(candidates, (row) => scores?.[row] ?? 0)),
  };
}

/** Rank of the target, from 1, under a mixture; equal scores stand before it. */
export function rankUnder({ parts }: ScoredCase, weights: readonly number[]): number {
  const scores = new Float32Array(parts[0]!.length);
  parts.forEach((of, k) => {
    const weight = weights[k]!;
    if (weight > 0) for (let i = 0; i < scores.length; i++) scores[i]! += weight * of[i]!;
  });
  let rank = 1;
  for (let i = 1; i < scores.length; i++) if (scores[i]! >= scores[0]!) rank++;
  return rank;
}

/** What a rank is worth: a hit within ten, and the reciprocal rank within twenty. */
export const worthOf = (rank: number): number => (rank <= 10 ? 1 : 0) + (rank <= 20 ? 1 / rank : 0);
