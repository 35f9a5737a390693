/** A held-out question with what every recommender says to it, kept small enough to ask thousands of times. */

import { PARTS, type Part, type PartTables, partScores } from '../../shared/recommend/parts.ts';
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
  /** How many cases it counts for; 1 where absent. */
  weight?: number;
  /** Probability of each candidate under each part, [PARTS][candidates]; the target is candidate 0. */
  parts: Float32Array[];
}

/** Best products of each part that are candidates: a mixture's best twenty are among them. */
const CANDIDATES = 60;

/** What is counted from the log, and so differs between ways of counting. */
const COUNTED: ReadonlySet<Part> = new Set(['next', 'before', 'together', 'walk']);

/**
 * Scores cases under several ways of counting at once, [tables]: what the other parts say is the same for all.
 * @param tables alike but for the relations
 */
export function caseScorer(tables: readonly PartTables[]): (asked: BlendCase) => ScoredCase[] {
  const popular = topRows(tables[0]!.popularity, CANDIDATES);
  return ({ recent, state, target }) => {
    const context = contextOf(recent);
    const say = (of: PartTables, part: Part): Said => {
      const scores = partScores(part, of, recent, state);
      if (scores === undefined) return { top: [] };
      const top = part === 'popularity' ? popular : topRows(scores, CANDIDATES);
      return { scores, top: top.filter((row) => scores[row]! > 0) };
    };
    const shared = PARTS.map((part) => (COUNTED.has(part) ? undefined : say(tables[0]!, part)));
    return tables.map((of) => {
      const said = PARTS.map((part, k) => shared[k] ?? say(of, part));
      const candidates = [...new Set([target, ...said.flatMap(({ top }) => top)])];
      return {
        context,
        parts: said.map(({ scores }) => Float32Array.from(candidates, (row) => scores?.[row] ?? 0)),
      };
    });
  };
}

interface Said {
  scores?: Float32Array;
  /** Best rows. */
  top: number[];
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
