/** The word index with its weights, and how much stands beside the words. */

import { buildLexicalIndex, type LexicalIndex } from '../../shared/search/lexical-index.ts';
import type { Dataset } from '../dataset/load.ts';
import type { Catalogue } from '../encoders/catalogue.ts';
import { SILENT } from '../progress.ts';
import { shareOf } from '../share-of.ts';
import type { TrainingOptions } from '../training-options.ts';
import { askedFor, judgedApart } from './asked-for.ts';
import { fitBm25, MOST_MOVES } from './fit-bm25.ts';
import { fitRanker } from './fit-ranker.ts';

/** The text encoder, where one was trained. */
export interface SearchMeaning {
  /** Unit text vectors of the catalogue, [rows * width]. */
  table: { width: number; data: Float32Array };
  /** Unit vectors of queries, [queries * width]. */
  encode(queries: readonly string[]): Promise<Float32Array>;
  /** Queries whose judgements it has learned from: they cannot tell what it is worth. */
  taught: ReadonlySet<string>;
}

/** Of the time that is left. */
const WORDS_SHARE = 0.15;
const RANKER_SHARE = 0.1;

const UNHURRIED = { deadline: () => Number.POSITIVE_INFINITY, progress: SILENT };

/**
 * Fitted on judged queries; without any, on what a third of the shoppers did after searching, with the words that the
 * other two thirds searched by.
 */
export async function trainSearch(
  { products, touches }: Pick<Catalogue, 'products' | 'touches'>,
  { events, judgements = [] }: Pick<Dataset, 'events'> & Partial<Pick<Dataset, 'judgements'>>,
  meaning?: SearchMeaning,
  { deadline, progress }: Pick<TrainingOptions, 'deadline' | 'progress'> = UNHURRIED,
): Promise<{ index: LexicalIndex; report: Record<string, number> }> {
  const asked = askedFor(events);
  const apart = judgements.length > 0 ? { asked, judgements } : judgedApart(events);
  const searched = (words: ReadonlyMap<string, string>) =>
    products.map((product) => {
      const told = words.get(product.sku);
      return told === undefined ? product : { ...product, asked: told };
    });
  const stage = progress.stage('weights of the words', MOST_MOVES);
  let moves = 0;
  const clock = { deadline: shareOf(deadline, WORDS_SHARE), tried: () => stage.update(++moves) };
  const words = fitBm25(searched(apart.asked), apart.judgements, clock);
  stage.end(`${moves} tried on ${words.report.queries} queries`);
  const heldOut = words.heldOut.filter(({ text }) => meaning?.taught.has(text) !== true);
  const vectors = await meaning?.encode(heldOut.map(({ text }) => text));
  const width = meaning?.table.width ?? 0;
  const evidence = {
    table: meaning?.table,
    vectors: vectors && heldOut.map((_, i) => vectors.subarray(i * width, (i + 1) * width)),
    visited: touches.some((count) => count > 0),
    rows: products.length,
  };
  const fitted = fitRanker(heldOut, evidence, shareOf(deadline, RANKER_SHARE));
  return {
    index: { ...buildLexicalIndex(searched(asked), words.options), ranker: fitted.ranker },
    report: { ...words.report, ...fitted.report, askedProducts: asked.size },
  };
}
