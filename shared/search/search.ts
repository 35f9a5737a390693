/** Search over a catalogue: words first, meaning beside them. */

import { products as innerProducts } from '../recommend/parts.ts';
import type { VectorTable } from '../recommend/tables.ts';
import type { LexicalSearch } from './lexical-index.ts';

/**
 * Weight of the cosine between query and product, in units of the best lexical score. Words decide where they match;
 * the vectors order what they leave equal and answer where no word matches.
 */
export const VECTOR_WEIGHT = 0.1;

/**
 * Scores of every product, [rows], larger is better.
 * @param lexical the word index, where the bundle has one
 * @param text text vectors of the products and the query's own, where the bundle has a text encoder
 */
export function searchScores(
  query: string,
  rows: number,
  lexical: LexicalSearch | undefined,
  text?: { table: VectorTable; query: Float32Array },
): Float32Array {
  const scores = lexical?.scores(query) ?? new Float32Array(rows);
  let most = 0;
  for (const score of scores) if (score > most) most = score;
  if (most > 0) for (let row = 0; row < rows; row++) scores[row]! /= most;
  if (text !== undefined) {
    const near = innerProducts(text.table, text.query);
    // Cosines lie in -1..1; shifted, since a score below zero means "leave out".
    for (let row = 0; row < rows; row++) scores[row]! += (VECTOR_WEIGHT * (1 + near[row]!)) / 2;
  }
  return scores;
}
