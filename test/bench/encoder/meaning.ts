/** Whether the text encoder's likeness, beside the words, makes search better or worse: judged queries of Icecat. */

import type { Product } from '../../../shared/product.ts';
import { topRows } from '../../../shared/recommend/top-rows.ts';
import { buildLexicalIndex, LexicalSearch } from '../../../shared/search/lexical-index.ts';
import { searchScores } from '../../../shared/search/search.ts';
import type { EncoderModels } from '../../../trainer-server/encoders/index.ts';
import { encodeTexts, textOnnx } from '../../../trainer-server/encoders/text-export.ts';
import { openTokenizer } from '../../../trainer-server/encoders/tokenizer.ts';
import { openSession } from '../../../trainer-server/graph/index.ts';
import { gain } from '../../../trainer-server/search/ndcg.ts';
import type { Figures } from '../bench.ts';

const DEPTH = 10;

/** @param products in the order of the models' text vectors */
export async function meaningInSearch(
  { text, tokenizer, textVectors }: EncoderModels,
  products: readonly Product[],
  grades: ReadonlyMap<string, ReadonlyMap<string, number>>,
  say: (line: string) => void,
): Promise<Figures> {
  const queries = [...grades].filter(([, of]) => [...of.values()].some((grade) => grade > 0));
  const { config, parameters } = text!;
  const session = await openSession(textOnnx(parameters, config));
  const told = queries.map(([query]) => query);
  const vectors = await encodeTexts(session, config, openTokenizer(tokenizer!), told);
  await session.close();
  const width = config.vectorWidth;
  const lexical = new LexicalSearch(buildLexicalIndex(products));
  const ndcg = (scoresOf: (query: number) => Float32Array): number => {
    const found = queries.map(([, of], q) => {
      const rows = topRows(scoresOf(q), DEPTH);
      const best = [...of.values()].sort((a, b) => b - a).slice(0, DEPTH);
      return gain(rows.map((row) => of.get(products[row]!.sku) ?? 0)) / gain(best);
    });
    return found.reduce((a, b) => a + b, 0) / found.length;
  };
  const meaning = (q: number) => ({
    table: { width, data: textVectors! },
    query: vectors.subarray(q * width, (q + 1) * width),
  });
  const rows = products.length;
  const figures = {
    search_words_ndcg10: ndcg((q) => searchScores(told[q]!, rows, lexical)),
    search_words_and_meaning_ndcg10: ndcg((q) => searchScores(told[q]!, rows, lexical, meaning(q))),
    search_meaning_ndcg10: ndcg((q) => searchScores(told[q]!, rows, undefined, meaning(q))),
  };
  say(`search among the same products, NDCG@10 of ${queries.length} queries:`);
  for (const [name, value] of Object.entries(figures))
    say(
      `  ${name.replace('search_', '').replace('_ndcg10', '').replaceAll('_', ' ').padEnd(18)} ${value.toFixed(3)}`,
    );
  return figures;
}
