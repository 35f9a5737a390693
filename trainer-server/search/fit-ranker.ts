/** How much meaning and popularity weigh beside words: what judged queries that were not fitted to speak for. */

import type { VectorTable } from '../../shared/recommend/tables.ts';
import { topRows } from '../../shared/recommend/top-rows.ts';
import { popularityOf, type SearchRanker, scaledMeaning, WORDS_FIRST } from '../../shared/search/search.ts';
import { asTimeAllows } from '../recommend/as-time-allows.ts';
import type { HeldOutQuery } from './fit-bm25.ts';
import { inFolds } from './folds.ts';
import { ndcg } from './ndcg.ts';

/** Queries below which words go first. */
const LEAST_QUERIES = 10;

/** The last weight leaves words next to nothing: meaning alone is among what is tried. */
const MEANING = [0, 0.03, 0.1, 0.3, 1, 3, 100];
const POPULARITY = [0, 0.02, 0.05, 0.1, 0.2, 0.4];

/** Best products of each part that are candidates: the best ten of a mixture are among them but for rare exceptions. */
const CANDIDATES = 200;

export interface RankerFit {
  ranker: SearchRanker;
  report: {
    /** NDCG@10 of words alone, of meaning alone, and of mixtures on queries that they were not fitted to. */
    wordsNdcg: number;
    meaningNdcg: number;
    mixedNdcg: number;
    meaningWeight: number;
    popularityWeight: number;
  };
}

export interface RankerEvidence {
  /** Text vectors of the catalogue, where there is a text encoder. */
  table?: VectorTable | undefined;
  /** Of each query. */
  vectors?: readonly Float32Array[] | undefined;
  /** Whether the rows are in an order of visits. */
  visited: boolean;
  rows: number;
}

/**
 * Weights by grid search on NDCG@10. They are taken only where, on queries that they were not fitted to, they gain
 * more than one standard error over words alone (Breiman et al. 1984, section 3.4.3): a short-trained encoder that
 * adds noise is left out, and words are never given up for nothing.
 * @param queries in a drawn order: as many are asked as the time allows
 * @param deadline seconds left
 */
export function fitRanker(
  queries: readonly HeldOutQuery[],
  evidence: RankerEvidence,
  deadline: () => number = () => Number.POSITIVE_INFINITY,
): RankerFit {
  const rankers = MEANING.filter((weight) => weight === 0 || evidence.table !== undefined).flatMap(
    (meaning) =>
      POPULARITY.filter((weight) => weight === 0 || evidence.visited).map((popularity) => ({
        meaning,
        popularity,
      })),
  );
  const weighed = (query: HeldOutQuery, q: number) => {
    const candidates = candidatesOf(query, evidence, evidence.vectors?.[q]);
    const worth = (ranker: SearchRanker): number =>
      ndcg({ grades: query.grades, scores: scored(candidates, ranker) });
    return { text: query.text, worths: rankers.map(worth) };
  };
  const asked = asTimeAllows(queries, deadline, weighed, LEAST_QUERIES);
  const words = mean(asked.map(({ worths }) => worths[0]!));
  const gains = inFolds(
    asked,
    ({ text }) => text,
    (others, held) => {
      const best = bestOf(others);
      return held.map(({ worths }) => worths[best]! - worths[0]!);
    },
  );
  const gain = mean(gains);
  const error = Math.sqrt(mean(gains.map((each) => (each - gain) ** 2)) / gains.length);
  const taken = asked.length >= LEAST_QUERIES && gain > error ? rankers[bestOf(asked)]! : WORDS_FIRST;
  const alone = rankers.findIndex(({ meaning }) => meaning === MEANING.at(-1));
  return {
    ranker: taken,
    report: {
      wordsNdcg: words,
      meaningNdcg: alone < 0 ? 0 : mean(asked.map(({ worths }) => worths[alone]!)),
      mixedNdcg: words + gain,
      meaningWeight: taken.meaning,
      popularityWeight: taken.popularity,
    },
  };
}

/** The first where equal: words, and little beside them. */
function bestOf(asked: readonly { worths: number[] }[]): number {
  const sums = asked[0]?.worths.map((_, k) => asked.reduce((sum, { worths }) => sum + worths[k]!, 0)) ?? [0];
  return sums.reduce((best, sum, k) => (sum > sums[best]! + 1e-9 ? k : best), 0);
}

interface Candidate {
  row: number;
  words: number;
  meaning: number;
  popularity: number;
}

function candidatesOf(
  { words }: HeldOutQuery,
  { table, visited, rows }: RankerEvidence,
  vector: Float32Array | undefined,
): Candidate[] {
  const meaning = table && vector && scaledMeaning(table, vector);
  const most = [...words.values()].reduce((a, b) => Math.max(a, b), 0);
  const byWords = [...words].sort(([r, a], [s, b]) => b - a || r - s).slice(0, CANDIDATES);
  const byMeaning = meaning === undefined ? [] : topRows(meaning, CANDIDATES);
  return [...new Set([...byWords.map(([row]) => row), ...byMeaning])].map((row) => ({
    row,
    words: most > 0 ? (words.get(row) ?? 0) / most : 0,
    meaning: meaning?.[row] ?? 0,
    popularity: visited && most > 0 ? popularityOf(row, rows) : 0,
  }));
}

const scored = (candidates: readonly Candidate[], ranker: SearchRanker): Map<number, number> =>
  new Map(
    candidates.map(({ row, words, meaning, popularity }) => [
      row,
      words + ranker.meaning * meaning + ranker.popularity * popularity,
    ]),
  );

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
