/**
 * What it gives to teach the text encoder what people judged relevant: on Icecat's judged queries (shared data), half of
 * them teach and the other half are asked, both ways round, of all judged products and as many more. NDCG@10 of the cosine
 * alone, and of words with it beside them, on queries that taught nothing.
 */

import { productText } from '../../../shared/features/profile-text.ts';
import type { Product } from '../../../shared/product.ts';
import { hash32, seeded } from '../../../shared/random.ts';
import { topRows } from '../../../shared/recommend/top-rows.ts';
import { buildLexicalIndex, LexicalSearch } from '../../../shared/search/lexical-index.ts';
import { type SearchRanker, searchScores } from '../../../shared/search/search.ts';
import { catalogueOf } from '../../../trainer-server/encoders/catalogue.ts';
import { relevanceLabels } from '../../../trainer-server/encoders/relevance-objective.ts';
import { encodeTexts, textOnnx } from '../../../trainer-server/encoders/text-export.ts';
import type { TextTrainingOptions } from '../../../trainer-server/encoders/text-options.ts';
import { pairSources } from '../../../trainer-server/encoders/text-pairs.ts';
import {
  openTokenizer,
  TOKENIZER_OPTIONS,
  trainTokenizer,
  vocabularySize,
} from '../../../trainer-server/encoders/tokenizer.ts';
import { corpusOf, type TextData, trainText } from '../../../trainer-server/encoders/train-text.ts';
import { openSession } from '../../../trainer-server/graph/index.ts';
import { gain } from '../../../trainer-server/search/ndcg.ts';
import type { Figures } from '../bench.ts';
import { icecat, judgements } from '../search/icecat.ts';
import { CARRIED, FEW_STEPS, optionsOf } from './edge-encoder.ts';

const SEEDS = 3;
const DEPTH = 10;
const OTHERS = 2000;
const RANKERS: Record<string, SearchRanker | undefined> = {
  alone: undefined,
  beside_words: { meaning: 0.3, popularity: 0 },
};

type Grades = ReadonlyMap<string, ReadonlyMap<string, number>>;

export async function relevanceObjective(say: (line: string) => void, seeds = SEEDS): Promise<Figures> {
  const grades = judgements();
  const { products, data } = prepared(grades);
  const lexical = new LexicalSearch(buildLexicalIndex(products));
  const queries = [...grades].flatMap(([query, of]) => ([...of.values()].some((g) => g > 0) ? [query] : []));
  const lines = [...grades].flatMap(([query, of]) => [...of].map(([sku, grade]) => ({ query, sku, grade })));
  const half = (query: string): number => hash32(`taught ${query}`) % 2;
  const words = mean(
    queries.map((q) => ndcg(searchScores(q, products.length, lexical), products, grades.get(q)!)),
  );
  say(
    `search by meaning of ${queries.length} queries, ${products.length} products of Icecat, NDCG@10 by seed (words ${words.toFixed(3)}):`,
  );
  const figures: Figures = {};
  for (const every of [0, 2]) {
    const text: TextTrainingOptions = { ...FEW_STEPS, relevance: { ...FEW_STEPS.relevance, every } };
    const found: Record<string, number[]> = { alone: [], beside_words: [] };
    for (let seed = 0; seed < seeds; seed++) {
      const byHalf = every === 0 ? [undefined] : [0, 1];
      const sums: Record<string, number[]> = { alone: [], beside_words: [] };
      for (const asked of byHalf) {
        const taught = new Set(queries.filter((query) => asked !== undefined && half(query) !== asked));
        const relevance = relevanceLabels(products, lines, taught);
        const options = { ...optionsOf(text), random: seeded(`relevance ${seed}`) };
        const { parameters, config } = (await trainText({ ...data, relevance }, options, text))!;
        const session = await openSession(textOnnx(parameters, config));
        const table = {
          width: CARRIED,
          data: await encodeTexts(session, config, data.tokenizer, products.map(productText)),
        };
        const own = queries.filter((query) => asked === undefined || half(query) === asked);
        const vectors = await encodeTexts(session, config, data.tokenizer, own);
        await session.close();
        for (const [name, ranker] of Object.entries(RANKERS))
          own.forEach((query, q) => {
            const meaning = { table, query: vectors.subarray(q * CARRIED, (q + 1) * CARRIED) };
            const scores = searchScores(query, products.length, ranker && lexical, meaning, ranker);
            sums[name]!.push(ndcg(scores, products, grades.get(query)!));
          });
      }
      for (const name of Object.keys(RANKERS)) found[name]!.push(mean(sums[name]!));
    }
    const each = (name: string): string => found[name]!.map((x) => x.toFixed(3)).join(', ');
    const title = every === 0 ? 'not taught' : `after every ${every}`;
    say(
      `  ${title.padEnd(16)} alone ${mean(found.alone!).toFixed(3)} (${each('alone')})   beside words ${mean(found.beside_words!).toFixed(3)} (${each('beside_words')})`,
    );
    for (const name of Object.keys(RANKERS))
      figures[`relevance_${every}_${name}_ndcg10`] = mean(found[name]!);
  }
  return figures;
}

/** What all variants share: the products and their tokens. */
function prepared(grades: Grades): { products: Product[]; data: TextData } {
  const judged = new Set([...grades.values()].flatMap((of) => [...of.keys()]));
  const listed = icecat().map(({ price: _, ...line }): Product => ({ ...line, category: [] }));
  const products = [
    ...listed.filter(({ sku }) => judged.has(sku)),
    ...listed.filter(({ sku }) => !judged.has(sku)).slice(0, OTHERS),
  ];
  const texts = corpusOf(products, []);
  const file = trainTokenizer(texts, TOKENIZER_OPTIONS);
  const data = {
    texts,
    tokenizer: openTokenizer(file),
    vocabulary: vocabularySize(file),
    sources: pairSources(catalogueOf({ products, events: [] }), [], [], FEW_STEPS.contrastive),
    products: products.length,
  };
  return { products, data };
}

function ndcg(scores: Float32Array, products: readonly Product[], of: ReadonlyMap<string, number>): number {
  const best = [...of.values()].sort((a, b) => b - a).slice(0, DEPTH);
  return gain(topRows(scores, DEPTH).map((row) => of.get(products[row]!.sku) ?? 0)) / gain(best);
}

const mean = (all: readonly number[]): number => all.reduce((sum, x) => sum + x, 0) / Math.max(1, all.length);
