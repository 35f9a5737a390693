/** Field weights of the word index, fitted on judged queries. */

import { hash32 } from '../../shared/random.ts';
import {
  BM25_OPTIONS,
  type Bm25Options,
  type Field,
  fieldText,
  type SearchedProduct,
} from '../../shared/search/lexical-index.ts';
import { searchTerms } from '../../shared/search/words.ts';
import type { Judgement } from '../dataset/rows.ts';
import { shareOf } from '../share-of.ts';
import { FOLDS, inFolds } from './folds.ts';
import { DEPTH, gain, meanNdcg } from './ndcg.ts';

/** Queries below which the customary weights are the better guess. */
const LEAST_QUERIES = 10;
/** Queries beyond this add little certainty and cost time; they are drawn by their hash. */
const MOST_QUERIES = 400;
/** Products that hold a word of a query, over all queries: what one of some five hundred trials looks through. */
const MOST_POSTINGS = 400_000;
const ROUNDS = 2;
/** A weight moves for no less: each of some hundred moves tried is a chance to fit noise. */
const LEAST_GAIN = 0.002;

const FACTORS = [0, 0.3, 0.6, 1.6, 3];
const DILUTIONS = [0, 0.2, 0.4, 0.6, 0.8, 1];
const SATURATIONS = [0.15, 0.3, 0.6, 1, 2, 4];

/** A judged query with what the words say to it, under weights that were not fitted to it. */
export interface HeldOutQuery {
  text: string;
  /** By row. */
  grades: ReadonlyMap<number, number>;
  /** By row. */
  words: ReadonlyMap<number, number>;
}

export interface Bm25Fit {
  options: Bm25Options;
  heldOut: HeldOutQuery[];
  report: {
    queries: number;
    /** NDCG@10 of each query under weights fitted without its fold, and under the customary ones. */
    fittedNdcg: number;
    customaryNdcg: number;
  };
}

export interface FitClock {
  /** Seconds left; at or below 0 each weight stays where it is. */
  deadline(): number;
  /** Told of each move that was tried, of at most MOST_MOVES. */
  tried(): void;
}

const UNHURRIED: FitClock = { deadline: () => Number.POSITIVE_INFINITY, tried: () => undefined };

/**
 * Coordinate ascent on NDCG@10 (Metzler and Croft 2007, "Linear feature-based models for information retrieval", section
 * 4.2) over saturation, boosts and length normalisation. The fit is taken only where it beats the customary weights on
 * queries that it did not see.
 */
export function fitBm25(
  products: readonly (SearchedProduct & { sku: string })[],
  judgements: readonly Judgement[],
  clock: FitClock = UNHURRIED,
): Bm25Fit {
  const queries = judgedQueries(products, judgements);
  const customary = queries.map((query) => heldOutOf(query, BM25_OPTIONS));
  const customaryNdcg = qualityOf(customary);
  const report = { queries: queries.length, fittedNdcg: customaryNdcg, customaryNdcg };
  if (queries.length < LEAST_QUERIES) return { options: BM25_OPTIONS, heldOut: customary, report };
  let climbs = FOLDS + 1;
  const climbed = (those: readonly JudgedQuery[]): Bm25Options =>
    climb(those, { ...clock, deadline: shareOf(clock.deadline, 1 / climbs--) });
  const fitted = inFolds(
    queries,
    ({ text }) => text,
    (others, held) => {
      const options = climbed(others);
      return held.map((query) => heldOutOf(query, options));
    },
  );
  const fittedNdcg = qualityOf(fitted);
  return fittedNdcg > customaryNdcg
    ? { options: climbed(queries), heldOut: fitted, report: { ...report, fittedNdcg } }
    : { options: BM25_OPTIONS, heldOut: customary, report: { ...report, fittedNdcg } };
}

const heldOutOf = (query: JudgedQuery, options: Bm25Options): HeldOutQuery => ({
  text: query.text,
  grades: query.grades,
  words: wordsOf(query, options),
});

const qualityOf = (asked: readonly HeldOutQuery[]): number =>
  meanNdcg(asked.map(({ grades, words }) => ({ grades, scores: words })));

const FIELDS = Object.keys(BM25_OPTIONS.fields) as Field[];

interface JudgedQuery {
  text: string;
  grades: ReadonlyMap<number, number>;
  /** Products that hold a term of it, ascending: places below are places in this. */
  rows: Int32Array;
  /** By place. */
  graded: Float64Array;
  /** Gain of the best order. */
  most: number;
  /** Of each term: its rarity, and by product the count and the relative length of every field, side by side. */
  terms: { rarity: number; places: Int32Array; values: Float64Array }[];
}

function judgedQueries(
  products: readonly (SearchedProduct & { sku: string })[],
  judgements: readonly Judgement[],
): JudgedQuery[] {
  const rows = new Map(products.map(({ sku }, row) => [sku, row]));
  const grades = new Map<string, Map<number, number>>();
  for (const { query, sku, grade } of judgements) {
    const row = rows.get(sku);
    if (row === undefined) continue;
    grades.set(query, (grades.get(query) ?? new Map()).set(row, grade));
  }
  const asked = [...grades]
    .filter(([, of]) => [...of.values()].some((grade) => grade > 0))
    .sort(([a], [b]) => hash32(a) - hash32(b) || (a < b ? -1 : 1))
    .slice(0, MOST_QUERIES);
  const counts = countTerms(products, new Set(asked.flatMap(([text]) => searchTerms(text))));
  let postings = 0;
  return asked.flatMap(([text, of], i) => {
    const found = [...new Set(searchTerms(text))].flatMap((term) => counts.get(term) ?? []);
    postings += found.reduce((sum, { size }) => sum + size, 0);
    return i < LEAST_QUERIES || postings <= MOST_POSTINGS
      ? judgedQuery(text, of, found, products.length)
      : [];
  });
}

/** @param found of each term, what countTerms says of the products that hold it */
function judgedQuery(
  text: string,
  grades: ReadonlyMap<number, number>,
  found: readonly ReadonlyMap<number, Float64Array>[],
  products: number,
): JudgedQuery {
  const rows = Int32Array.from(new Set(found.flatMap((of) => [...of.keys()]))).sort();
  const places = new Map([...rows].map((row, place) => [row, place]));
  const best = [...grades.values()].sort((a, b) => b - a).slice(0, DEPTH);
  return {
    text,
    grades,
    rows,
    graded: Float64Array.from(rows, (row) => grades.get(row) ?? 0),
    most: gain(best),
    terms: found.map((of) => {
      const values = new Float64Array(2 * FIELDS.length * of.size);
      [...of.values()].forEach((own, i) => {
        values.set(own, 2 * FIELDS.length * i);
      });
      const rarity = Math.log(1 + (products - of.size + 0.5) / (of.size + 0.5));
      return { rarity, places: Int32Array.from(of.keys(), (row) => places.get(row)!), values };
    }),
  };
}

function countTerms(
  products: readonly SearchedProduct[],
  wanted: ReadonlySet<string>,
): Map<string, Map<number, Float64Array>> {
  const counts = new Map([...wanted].map((term) => [term, new Map<number, Float64Array>()]));
  FIELDS.forEach((field, f) => {
    const words = products.map((product) => searchTerms(fieldText(product, field)));
    const filled = words.filter(({ length }) => length > 0);
    const mean = filled.reduce((sum, { length }) => sum + length, 0) / Math.max(1, filled.length);
    words.forEach((of, row) => {
      for (const term of of) {
        const found = counts.get(term);
        if (found === undefined) continue;
        const values = found.get(row) ?? new Float64Array(2 * FIELDS.length);
        values[2 * f]!++;
        values[2 * f + 1] = of.length / Math.max(1, mean);
        found.set(row, values);
      }
    });
  });
  return new Map([...counts].filter(([, found]) => found.size > 0));
}

function quality(queries: readonly JudgedQuery[], options: Bm25Options): number {
  const sum = queries.reduce((total, query) => total + ndcgOf(query, scoresOf(query, options)), 0);
  return sum / Math.max(1, queries.length);
}

/** What meanNdcg says of one query, without sorting all that it found. @param scores by place */
function ndcgOf({ graded, most }: JudgedQuery, scores: Float64Array): number {
  const head: number[] = [];
  for (let place = 0; place < scores.length; place++) {
    const score = scores[place]!;
    if (score === 0 || (head.length === DEPTH && score <= scores[head[DEPTH - 1]!]!)) continue;
    // Equal scores stand in the order of their rows: behind those that came before.
    let at = head.length;
    while (at > 0 && scores[head[at - 1]!]! < score) at--;
    head.splice(at, 0, place);
    if (head.length > DEPTH) head.pop();
  }
  return gain(head.map((place) => graded[place]!)) / most;
}

/** The formula of shared/search/lexical-index.ts, by place; 0 where a product holds no term in a field that counts. */
function scoresOf({ rows, terms }: JudgedQuery, { k1, fields }: Bm25Options): Float64Array {
  const weights = FIELDS.map((field) => fields[field]);
  const scores = new Float64Array(rows.length);
  for (const { rarity, places, values } of terms) {
    for (let i = 0, at = 0; i < places.length; i++) {
      let tf = 0;
      for (const { boost, b } of weights) {
        const count = values[at++]!;
        const length = values[at++]!;
        if (count > 0) tf += (boost * count) / (1 - b + b * length);
      }
      if (tf > 0) scores[places[i]!]! += (rarity * (k1 + 1) * tf) / (k1 + tf);
    }
  }
  return scores;
}

/** The same by row, of the products that have a score. */
function wordsOf(query: JudgedQuery, options: Bm25Options): Map<number, number> {
  const scores = scoresOf(query, options);
  return new Map(
    [...query.rows].flatMap((row, place) => (scores[place]! > 0 ? [[row, scores[place]!]] : [])),
  );
}

function climb(queries: readonly JudgedQuery[], { deadline, tried: told }: FitClock): Bm25Options {
  let options = BM25_OPTIONS;
  let best = quality(queries, options);
  for (let round = 0; round < ROUNDS; round++) {
    const before = best;
    for (const move of MOVES) {
      if (deadline() <= 0) return options;
      told();
      const tried = move(options);
      const found = quality(queries, tried);
      if (found > best + LEAST_GAIN) {
        best = found;
        options = tried;
      }
    }
    if (best === before) break;
  }
  return options;
}

const withField = (
  options: Bm25Options,
  field: Field,
  change: Partial<Bm25Options['fields'][Field]>,
): Bm25Options => ({
  ...options,
  fields: { ...options.fields, [field]: { ...options.fields[field], ...change } },
});

const MOVES: ((options: Bm25Options) => Bm25Options)[] = [
  ...FIELDS.flatMap((field) =>
    FACTORS.map(
      (factor) => (options: Bm25Options) =>
        withField(options, field, { boost: options.fields[field].boost * factor }),
    ),
  ),
  ...FIELDS.flatMap((field) =>
    DILUTIONS.map((b) => (options: Bm25Options) => withField(options, field, { b })),
  ),
  ...SATURATIONS.map((k1) => (options: Bm25Options) => ({ ...options, k1 })),
];

/** Over all folds and the whole. */
export const MOST_MOVES = (FOLDS + 1) * ROUNDS * MOVES.length;
