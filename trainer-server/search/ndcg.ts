/**
 * Normalised discounted cumulative gain at 10: sum of (2^grade - 1) / log2(rank + 1), over that of the best order.
 * Source: Järvelin and Kekäläinen 2002, in the exponential form of Burges et al. 2005.
 */

export interface RankedQuery {
  /** By row; a product that nobody judged counts as 0. */
  grades: ReadonlyMap<number, number>;
  /** By row; products without a score are not shown. */
  scores: ReadonlyMap<number, number>;
}

export const DEPTH = 10;

/** 0 without queries. Each needs a product of grade above 0. */
export function meanNdcg(queries: readonly RankedQuery[]): number {
  return queries.reduce((sum, query) => sum + ndcg(query), 0) / Math.max(1, queries.length);
}

/** Of one query. */
export function ndcg({ grades, scores }: RankedQuery): number {
  const shown = [...scores].sort(([r, a], [s, b]) => b - a || r - s).slice(0, DEPTH);
  const best = [...grades.values()].sort((a, b) => b - a).slice(0, DEPTH);
  return gain(shown.map(([row]) => grades.get(row) ?? 0)) / gain(best);
}

export const gain = (grades: readonly number[]): number =>
  grades.reduce((sum, grade, i) => sum + (2 ** grade - 1) / Math.log2(i + 2), 0);
