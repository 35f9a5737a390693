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
import { inFolds } from './folds.ts';
import { meanNdcg, type RankedQuery } from './ndcg.ts';

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

/**
 * Coordinate ascent on NDCG@10 (Metzler and Croft 2007, "Linear feature-based models for information retrieval", section
 * 4.2) over saturation, boosts and length normalisation. The fit is taken only where it beats the customary weights on
 * queries that it did not see.
 */
export function fitBm25(
  products: readonly (SearchedProduct & { sku: string })[],
  judgements: readonly Judgement[],
): Bm25Fit {
  const queries = judgedQueries(products, judgements);
  const customary = queries.map((query) => heldOutOf(query, BM25_OPTIONS));
  const customaryNdcg = qualityOf(customary);
  const report = { queries: queries.length, fittedNdcg: customaryNdcg, customaryNdcg };
  if (queries.length < LEAST_QUERIES) return { options: BM25_OPTIONS, heldOut: customary, report };
  const fitted = inFolds(
    queries,
    ({ text }) => text,
    (others, held) => {
      const options = climb(others);
      return held.map((query) => heldOutOf(query, options));
    },
  );
  const fittedNdcg = qualityOf(fitted);
  return fittedNdcg > customaryNdcg
    ? { options: climb(queries), heldOut: fitted, report: { ...report, fittedNdcg } }
    : { options: BM25_OPTIONS, heldOut: customary, report: { ...report, fittedNdcg } };
}

const heldOutOf = (query: JudgedQuery, options: Bm25Options): HeldOutQuery => ({
  text: query.text,
  grades: query.grades,
  words: scoresOf(query, options),
});

const qualityOf = (asked: readonly HeldOutQuery[]): number =>
  meanNdcg(asked.map(({ grades, words }) => ({ grades, scores: words })));

const FIELDS = Object.keys(BM25_OPTIONS.fields) as Field[];

interface JudgedQuery {
  text: string;
  grades: ReadonlyMap<number, number>;
  /** Of each term: its rarity, and by product the count and the relative length of every field, side by side. */
  terms: { rarity: number; products: Map<number, Float64Array> }[];
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
  const queries = asked.map(([text, of]) => ({
    text,
    grades: of,
    terms: [...new Set(searchTerms(text))].flatMap((term) => {
      const found = counts.get(term);
      if (found === undefined) return [];
      const rarity = Math.log(1 + (products.length - found.size + 0.5) / (found.size + 0.5));
      return [{ rarity, products: found }];
    }),
  }));
  let postings = 0;
  return queries.filter(({ terms }, i) => {
    postings += terms.reduce((sum, { products: found }) => sum + found.size, 0);
    return i < LEAST_QUERIES || postings <= MOST_POSTINGS;
  });
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
  return meanNdcg(
    queries.map((query): RankedQuery => ({ grades: query.grades, scores: scoresOf(query, options) })),
  );
}

/** The formula of shared/search/lexical-index.ts, for the products that hold a term. */
function scoresOf({ terms }: JudgedQuery, { k1, fields }: Bm25Options): Map<number, number> {
  const weights = FIELDS.map((field) => fields[field]);
  const scores = new Map<number, number>();
  for (const { rarity, products } of terms) {
    for (const [row, values] of products) {
      let tf = 0;
      weights.forEach(({ boost, b }, f) => {
        if (values[2 * f]! > 0) tf += (boost * values[2 * f]!) / (1 - b + b * values[2 * f + 1]!);
      });
      if (tf > 0) scores.set(row, (scores.get(row) ?? 0) + (rarity * (k1 + 1) * tf) / (k1 + tf));
    }
  }
  return scores;
}

function climb(queries: readonly JudgedQuery[]): Bm25Options {
  let options = BM25_OPTIONS;
  let best = quality(queries, options);
  for (let round = 0; round < ROUNDS; round++) {
    const before = best;
    for (const move of MOVES) {
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
