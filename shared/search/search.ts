/** Search over a catalogue: words first; meaning and what is visited beside them, as much as judged queries speak for. */

import { products as innerProducts } from '../recommend/parts.ts';
import type { VectorTable } from '../recommend/tables.ts';
import type { LexicalSearch } from './lexical-index.ts';

/** Weights beside the words' one; each of the three lies between 0 and 1 for a query. */
export interface SearchRanker {
  /** Of the cosine between query and product, 0 at the catalogue's mean and 1 at its best. */
  meaning: number;
  /** Of the product's place among the most visited. */
  popularity: number;
}

/** Without judged queries: meaning orders what the words leave equal, and answers where no word matches. */
export const WORDS_FIRST: SearchRanker = { meaning: 0, popularity: 0 };

/** So little that it orders what words leave equal to the fourth digit. */
const TIE = 1e-4;

/**
 * Scores of every product, [rows], larger is better; 0 where nothing speaks for it.
 * A convex combination of scores scaled by query: Bruch et al. 2022, "An analysis of fusion functions for hybrid
 * retrieval" (arXiv 2210.11934), which finds it better than combining ranks, and a few judged queries enough.
 * @param lexical the word index, where the bundle has one
 * @param text text vectors of the products and the query's own, where there is a text encoder
 */
export function searchScores(
  query: string,
  rows: number,
  lexical: LexicalSearch | undefined,
  text?: { table: VectorTable; query: Float32Array },
  ranker: SearchRanker = lexical?.index.ranker ?? WORDS_FIRST,
): Float32Array {
  const scores = lexical?.scores(query) ?? new Float32Array(rows);
  const most = scores.reduce((a, b) => Math.max(a, b), 0);
  const meaning = text && scaledMeaning(text.table, text.query);
  const popular = most > 0 ? ranker.popularity : 0;
  for (let row = 0; row < rows; row++) {
    let score = most > 0 ? scores[row]! / most : 0;
    if (meaning !== undefined) score += (ranker.meaning + TIE) * meaning[row]!;
    if (popular > 0 && score > 0) score += popular * popularityOf(row, rows);
    scores[row] = score;
  }
  return scores;
}

/** How near each product is to the query, [rows]: 0 at the catalogue's mean and below, 1 at the nearest. */
export function scaledMeaning(table: VectorTable, query: Float32Array): Float32Array {
  const near = innerProducts(table, query);
  const mean = near.reduce((a, b) => a + b, 0) / Math.max(1, near.length);
  const range = near.reduce((a, b) => Math.max(a, b), mean) - mean;
  return near.map((cosine) => (range > 0 ? Math.max(0, cosine - mean) / range : 0));
}

/** Rows are in the order of visits, and visits fall as a power of the rank (Zipf): the log of one is that of the other. */
export const popularityOf = (row: number, rows: number): number => 1 - Math.log1p(row) / Math.log1p(rows);
