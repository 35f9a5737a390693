/**
 * BM25 over the fields of products, with every term's weight in every product computed when the index is opened, so
 * that a query only adds.
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

/** What is known of the words of a catalogue: enough to compute every term's weight in every product. */
export interface LexicalIndex {
  products: number;
  options: Bm25Options;
  /** In the order of their code units. */
  terms: string[];
  /** Postings of term t are start[t] to start[t + 1], [terms + 1]. */
  start: Int32Array;
  /** Products, each once within a term, [postings]. */
  rows: Int32Array;
  /** How often the term occurs in each field, 255 for more, [postings, FIELDS]. */
  counts: Uint8Array;
  /** Terms in each field, [products, FIELDS]. */
  lengths: Uint16Array;
  /** What stands beside the words; words first where absent. */
  ranker?: SearchRanker;
}

export type Field = keyof Bm25Options['fields'];

/** In the order of counts and lengths. */
export const FIELDS = Object.keys(BM25_OPTIONS.fields) as Field[];

/** Builds the index; row i is product i. */
export function buildLexicalIndex(
  products: readonly SearchedProduct[],
  options: Bm25Options = BM25_OPTIONS,
): LexicalIndex {
  const lengths = new Uint16Array(products.length * FIELDS.length);
  const found = [...countTerms(products, lengths)].sort(([left], [right]) => (left < right ? -1 : 1));
  const start = new Int32Array(found.length + 1);
  found.forEach(([, { rows }], t) => {
    start[t + 1] = start[t]! + rows.length;
  });
  const rows = new Int32Array(start.at(-1)!);
  const counts = new Uint8Array(rows.length * FIELDS.length);
  found.forEach(([, own], t) => {
    rows.set(own.rows, start[t]!);
    counts.set(own.counts, start[t]! * FIELDS.length);
  });
  const terms = found.map(([term]) => term);
  return { products: products.length, options, terms, start, rows, counts, lengths };
}

interface Postings {
  rows: number[];
  /** [rows, FIELDS]. */
  counts: number[];
}

/** Postings of each term; fills in the lengths of the fields. */
function countTerms(products: readonly SearchedProduct[], lengths: Uint16Array): Map<string, Postings> {
  const found = new Map<string, Postings>();
  products.forEach((product, row) => {
    FIELDS.forEach((field, f) => {
      const words = searchTerms(fieldText(product, field));
      lengths[row * FIELDS.length + f] = Math.min(words.length, 65_535);
      for (const term of words) {
        let own = found.get(term);
        if (own === undefined) {
          own = { rows: [], counts: [] };
          found.set(term, own);
        }
        if (own.rows.at(-1) !== row) {
          own.rows.push(row);
          for (let i = 0; i < FIELDS.length; i++) own.counts.push(0);
        }
        const at = own.counts.length - FIELDS.length + f;
        own.counts[at] = Math.min(own.counts[at]! + 1, 255);
      }
    });
  });
  return found;
}

/** The formula above for every posting, [postings]. */
function weightsOf({ products, options, start, rows, counts, lengths }: LexicalIndex): Float32Array {
  const width = FIELDS.length;
  const { k1 } = options;
  const dilutions = FIELDS.map((field, f) => {
    const { boost, b } = options.fields[field];
    let [filled, total] = [0, 0];
    for (let at = f; at < lengths.length; at += width) {
      if (lengths[at]! > 0) filled++;
      total += lengths[at]!;
    }
    const mean = Math.max(1, total / Math.max(1, filled));
    return { boost, share: 1 - b, slope: b / mean };
  });
  const weights = new Float32Array(rows.length);
  for (let t = 0; t + 1 < start.length; t++) {
    const held = start[t + 1]! - start[t]!;
    const rarity = Math.log(1 + (products - held + 0.5) / (held + 0.5));
    for (let at = start[t]!; at < start[t + 1]!; at++) {
      let tf = 0;
      for (let f = 0; f < width; f++) {
        const count = counts[at * width + f]!;
        if (count === 0) continue;
        const { boost, share, slope } = dilutions[f]!;
        tf += (boost * count) / (share + slope * lengths[rows[at]! * width + f]!);
      }
      weights[at] = (rarity * (k1 + 1) * tf) / (k1 + tf);
    }
  }
  return weights;
}

/** What of a product is in a field. */
export function fieldText(product: SearchedProduct, field: Field): string {
  if (field === 'category') return (product.category ?? []).join(' ');
  if (field === 'attributes') return Object.values(product.attributes ?? {}).join(' ');
  return product[field] ?? '';
}

/** Letters from which on a word is looked for within others: "ear" would be found in "bear". */
const WORD_PART = 4;

/** A part of a model number is another model. */
const isWordPart = (term: string): boolean => term.length >= WORD_PART && !/\p{N}/u.test(term);

/** Scores a query. Opened once; a query then costs its postings. */
export class LexicalSearch {
  readonly #terms: ReadonlyMap<string, number>;
  readonly #weights: Float32Array;
  #spelling: Spelling | undefined;

  constructor(readonly index: LexicalIndex) {
    this.#terms = new Map(index.terms.map((term, i) => [term, i]));
    this.#weights = weightsOf(index);
  }

  /** BM25 of every product, [products]; zeros where nothing matches. */
  scores(query: string): Float32Array {
    const scores = new Float32Array(this.index.products);
    for (const term of new Set(searchTerms(query))) {
      for (const at of this.#meant(term)) this.#add(at, scores);
    }
    return scores;
  }

  #add(term: number, scores: Float32Array): void {
    const { start, rows } = this.index;
    for (let at = start[term]!; at < start[term + 1]!; at++) scores[rows[at]!]! += this.#weights[at]!;
  }

  /** Places of the terms that a word of a query stands for. */
  #meant(term: string): number[] {
    const known = this.#terms.get(term);
    if (known !== undefined) return [known];
    if (isUnspacedLetter(term))
      return this.index.terms.flatMap((pair, at) => (pair.includes(term) ? [at] : []));
    const held = this.#longer(term);
    return held.length > 0 ? held : (this.#respelled(term) ?? this.#shorter(term));
  }

  /** Compounds and words half typed: "messer" is the end of "Küchenmesser", "strasse" the start of "Straßenkarte". */
  #longer(term: string): number[] {
    if (!isWordPart(term)) return [];
    return this.index.terms.flatMap((known, at) =>
      known.startsWith(term) || known.endsWith(term) ? [at] : [],
    );
  }

  /** The longest known word that a compound ends with, else begins with: "Klappmesser" is a "Messer" first. */
  #shorter(term: string): number[] {
    const ends = [...term].map((_, i) => term.slice(i));
    const starts = [...term].map((_, i) => term.slice(0, term.length - i));
    const part = [...ends, ...starts].find((each) => isWordPart(each) && this.#terms.has(each));
    return part === undefined ? [] : [this.#terms.get(part)!];
  }

  /** The term that was meant, where the catalogue does not know what was written. */
  #respelled(term: string): [number] | undefined {
    const { terms, start } = this.index;
    this.#spelling ??= new Spelling(terms, (i) => start[i + 1]! - start[i]!);
    const nearest = this.#spelling.nearest(term);
    return nearest === undefined ? undefined : [nearest];
  }
}
