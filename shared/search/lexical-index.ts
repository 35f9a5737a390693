/**
 * BM25 over the fields of products, with every term's weight in every product computed when the index is made, so
 * that a device only adds.
 *
 *   tf(t, d)    = sum over fields f of boost_f * count(t, d, f) / (1 - b_f + b_f * length(d, f) / mean length of f)
 *   score(q, d) = sum over terms t of q: log(1 + (N - n_t + 0.5) / (n_t + 0.5)) * (k1 + 1) * tf / (k1 + tf)
 *
 * Source: Robertson and Zaragoza 2009, "The probabilistic relevance framework", section 3.6 (BM25F).
 */

import type { ProductWords } from '../features/profile-text.ts';
import type { SearchRanker } from './search.ts';
import { Spelling } from './spelling.ts';
import { isUnspacedLetter, searchTerms } from './words.ts';

/** What of a product is searched. */
export type SearchedProduct = ProductWords & {
  /** What shoppers searched for before they took it. */
  asked?: string;
};

export interface FieldWeight {
  boost: number;
  /** How much a long field dilutes its words, 0 to 1. */
  b: number;
}

export interface Bm25Options {
  /** How soon repeats of a word stop mattering. */
  k1: number;
  fields: Record<'title' | 'brand' | 'category' | 'attributes' | 'description' | 'asked', FieldWeight>;
}

/** k1 and b are the customary ones; boosts were chosen on a half of the Icecat queries, which know no `asked`. */
export const BM25_OPTIONS: Bm25Options = {
  k1: 1.2,
  fields: {
    title: { boost: 2, b: 0.6 },
    brand: { boost: 1, b: 0 },
    category: { boost: 1.5, b: 0.2 },
    attributes: { boost: 0.5, b: 0.5 },
    description: { boost: 0.5, b: 0.7 },
    asked: { boost: 1, b: 0 },
  },
};

/** search.json: postings of term i are `rows[i]`, the first row and then the gaps, and `impacts[i]`. */
export interface LexicalIndex {
  products: number;
  /** A score is the sum of impacts times this. */
  unit: number;
  terms: string[];
  rows: number[][];
  /** 1 to 255. */
  impacts: number[][];
  /** What stands beside the words; words first where absent. */
  ranker?: SearchRanker;
}

export type Field = keyof Bm25Options['fields'];

/** Builds the index; row i is product i. */
export function buildLexicalIndex(
  products: readonly SearchedProduct[],
  options: Bm25Options = BM25_OPTIONS,
): LexicalIndex {
  const counts = countTerms(products, options);
  const impacts = [...counts].map(([term, postings]) => {
    const rarity = Math.log(1 + (products.length - postings.size + 0.5) / (postings.size + 0.5));
    const weights = [...postings.values()].map((tf) => (rarity * (options.k1 + 1) * tf) / (options.k1 + tf));
    return { term, rows: [...postings.keys()], weights };
  });
  impacts.sort((left, right) => (left.term < right.term ? -1 : 1));
  const unit = impacts.reduce((most, { weights }) => weights.reduce((a, b) => Math.max(a, b), most), 0) / 255;
  return {
    products: products.length,
    unit,
    terms: impacts.map(({ term }) => term),
    rows: impacts.map(({ rows }) => rows.map((row, i) => (i === 0 ? row : row - rows[i - 1]!))),
    impacts: impacts.map(({ weights }) => weights.map((weight) => Math.max(1, Math.round(weight / unit)))),
  };
}

/** Term to row to the length-normalised, boosted term frequency; rows ascend. */
function countTerms(
  products: readonly SearchedProduct[],
  options: Bm25Options,
): Map<string, Map<number, number>> {
  const fields = Object.keys(options.fields) as Field[];
  const words = products.map((product) => fields.map((field) => searchTerms(fieldText(product, field))));
  const means = fields.map((_, f) => {
    const filled = words.filter((of) => of[f]!.length > 0);
    return Math.max(1, filled.reduce((sum, of) => sum + of[f]!.length, 0) / Math.max(1, filled.length));
  });
  const counts = new Map<string, Map<number, number>>();
  words.forEach((of, row) => {
    fields.forEach((field, f) => {
      const { boost, b } = options.fields[field];
      const weight = boost / (1 - b + (b * of[f]!.length) / means[f]!);
      for (const term of of[f]!) {
        let postings = counts.get(term);
        if (postings === undefined) {
          postings = new Map();
          counts.set(term, postings);
        }
        postings.set(row, (postings.get(row) ?? 0) + weight);
      }
    });
  });
  return counts;
}

/** What of a product is in a field. */
export function fieldText(product: SearchedProduct, field: Field): string {
  if (field === 'category') return (product.category ?? []).join(' ');
  if (field === 'attributes') return Object.values(product.attributes ?? {}).join(' ');
  return product[field] ?? '';
}

/** Scores a query. Opened once; a query then costs its postings. */
export class LexicalSearch {
  readonly #terms: ReadonlyMap<string, number>;
  #spelling: Spelling | undefined;

  constructor(readonly index: LexicalIndex) {
    this.#terms = new Map(index.terms.map((term, i) => [term, i]));
  }

  /** BM25 of every product, [products]; zeros where nothing matches. */
  scores(query: string): Float32Array {
    const scores = new Float32Array(this.index.products);
    for (const term of new Set(searchTerms(query))) {
      for (const at of this.#meant(term)) this.#add(at, scores);
    }
    return scores;
  }

  #add(at: number, scores: Float32Array): void {
    const rows = this.index.rows[at]!;
    const impacts = this.index.impacts[at]!;
    for (let i = 0, row = 0; i < rows.length; i++) {
      row += rows[i]!;
      scores[row]! += impacts[i]! * this.index.unit;
    }
  }

  /** Places of the terms that a word of a query stands for. */
  #meant(term: string): number[] {
    const known = this.#terms.get(term);
    if (known !== undefined) return [known];
    if (isUnspacedLetter(term))
      return this.index.terms.flatMap((pair, at) => (pair.includes(term) ? [at] : []));
    return this.#respelled(term) ?? [];
  }

  /** The term that was meant, where the catalogue does not know what was written. */
  #respelled(term: string): [number] | undefined {
    const { terms, rows } = this.index;
    this.#spelling ??= new Spelling(terms, (i) => rows[i]!.length);
    const nearest = this.#spelling.nearest(term);
    return nearest === undefined ? undefined : [nearest];
  }
}
