/** Counting baselines on the same questions, each as its source describes it; and what ranks are worth. */

import { readEvent } from '../../../shared/event.ts';
import { recentRows } from '../../../shared/recommend/parts.ts';
import { addNeighbours, type Relation } from '../../../shared/recommend/relation.ts';
import type { Interval } from '../../../trainer-server/evaluate/intervals/interval.ts';
import {
  COUNTING_OPTIONS,
  countNext,
  countPopularity,
  countTogether,
} from '../../../trainer-server/recommend/co-occurrence.ts';
import {
  RECENCY_KNN,
  SESSION_KNN,
  SessionKnn,
  type SessionKnnOptions,
} from '../../../trainer-server/recommend/session-knn.ts';
import { type Trail, trailsOf } from '../../../trainer-server/recommend/trails.ts';
import { clusteredMean } from '../../../trainer-server/uplift/clustered-mean.ts';
import type { Log } from './logs.ts';

/** Scores all products after a history given as rows, the latest first. */
type Recommend = (recent: readonly number[]) => Float32Array;

export interface Quality {
  hit: number;
  second: number;
}

const BASELINES: Record<string, (trails: Trail[], rows: number) => Recommend> = {
  popularity: (trails, rows) => {
    const counts = Float32Array.from(countPopularity(trails, rows));
    return () => counts.slice();
  },
  // First-order Markov: what came directly after the last product.
  markov: (trails, rows) => {
    const next = countNext(trails, rows, { ...COUNTING_OPTIONS, reach: 1, width: 100 });
    return (recent) => neighboursOf(next, rows, recent.slice(0, 1));
  },
  // Sarwar et al. 2001: cosine over sessions, summed over what the session holds.
  item_knn: (trails, rows) => {
    const cosine = countTogether(trails, rows, { ...COUNTING_OPTIONS, popularityExponent: 0.5, width: 100 });
    return (recent) => neighboursOf(cosine, rows, recent);
  },
  session_knn: (trails, rows) => nearest(trails, rows, SESSION_KNN),
  recency_knn: (trails, rows) => nearest(trails, rows, RECENCY_KNN),
};

/** Rank of each question's target, from 1, by baseline; Infinity where it has no score. */
export function floorsOf(log: Log): Record<string, number[]> {
  const skus = [...new Set([...log.events.flatMap(skusOf), ...log.products.map(({ sku }) => sku)])];
  const rows = new Map(skus.map((sku, row) => [sku, row]));
  const rowOf = (sku: string): number | undefined => rows.get(sku);
  const read = (event: unknown) => readEvent(event, 'EUR');
  const trails = trailsOf(log.events.map(read), rowOf);
  const asked = log.questions.map(({ history, target }) => ({
    recent: recentRows(history.map(read), rowOf),
    target: rowOf(target)!,
  }));
  return Object.fromEntries(
    Object.entries(BASELINES).map(([name, open]) => {
      const recommend = open(trails, skus.length);
      const ranks = asked.map(({ recent, target }) => {
        const scores = recommend(recent);
        if (log.excludeSeen) for (const row of recent) scores[row] = -1;
        return rankOf(scores, target);
      });
      return [name, ranks];
    }),
  );
}

export function qualityOf(ranks: readonly number[], log: Pick<Log, 'cutoff' | 'second'>): Quality {
  const [hits, seconds] = worthsOf(ranks, log);
  return { hit: mean(hits), second: mean(seconds) };
}

/** How much better one ranking is than another on the same questions, with 95 % intervals over sessions or users. */
export function gainOver(
  ours: readonly number[],
  theirs: readonly number[],
  log: Pick<Log, 'cutoff' | 'second' | 'questions'>,
): Record<keyof Quality, Interval> {
  const [ourHits, ourSeconds] = worthsOf(ours, log);
  const [theirHits, theirSeconds] = worthsOf(theirs, log);
  const asker = log.questions.map(({ asker }) => asker);
  const gain = (a: readonly number[], b: readonly number[]): Interval =>
    clusteredMean(
      a.map((x, i) => x - b[i]!),
      asker,
    );
  return { hit: gain(ourHits, theirHits), second: gain(ourSeconds, theirSeconds) };
}

/** Of each question: whether it was hit, and the second figure. */
function worthsOf(
  ranks: readonly number[],
  { cutoff, second }: Pick<Log, 'cutoff' | 'second'>,
): [number[], number[]] {
  const worth = (rank: number): number => (second === 'mrr' ? 1 / rank : 1 / Math.log2(rank + 1));
  return [
    ranks.map((rank) => Number(rank <= cutoff)),
    ranks.map((rank) => (rank <= cutoff ? worth(rank) : 0)),
  ];
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** From 1; equal scores stand in the order of their rows; a product without a score is ranked nowhere. */
function rankOf(scores: Float32Array, target: number): number {
  const own = scores[target]!;
  if (!(own > 0)) return Number.POSITIVE_INFINITY;
  let rank = 1;
  for (let row = 0; row < scores.length; row++)
    if (scores[row]! > own || (scores[row] === own && row < target)) rank++;
  return rank;
}

function neighboursOf(relation: Relation, rows: number, recent: readonly number[]): Float32Array {
  const scores = new Float32Array(rows);
  for (const row of recent) addNeighbours(scores, relation, row, 1);
  return scores;
}

function nearest(trails: Trail[], rows: number, options: SessionKnnOptions): Recommend {
  const knn = new SessionKnn(trails, rows, options);
  return (recent) => knn.scores(recent);
}

const skusOf = ({ sku, items }: Log['events'][number]): string[] => [
  ...(sku === undefined ? [] : [sku]),
  ...(items ?? []).map((item) => item.sku),
];
