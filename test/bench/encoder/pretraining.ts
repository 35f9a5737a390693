/**
 * What the order of sentences gives beside masked words: an encoder of one layer reads Icecat's texts (shared data), 1.1 M
 * tokens, with words masked, in one variant with sentences turned round too, then learns a few steps of pairs. Every
 * product that people found relevant asks for the others among all judged ones.
 */

import { productText } from '../../../shared/features/profile-text.ts';
import type { Product } from '../../../shared/product.ts';
import { seeded } from '../../../shared/random.ts';
import { catalogueOf } from '../../../trainer-server/encoders/catalogue.ts';
import { encodeTexts, textOnnx } from '../../../trainer-server/encoders/text-export.ts';
import { TEXT_TRAINING, type TextTrainingOptions } from '../../../trainer-server/encoders/text-options.ts';
import { pairSources } from '../../../trainer-server/encoders/text-pairs.ts';
import {
  openTokenizer,
  TOKENIZER_OPTIONS,
  trainTokenizer,
  vocabularySize,
} from '../../../trainer-server/encoders/tokenizer.ts';
import { corpusOf, type TextData, trainText } from '../../../trainer-server/encoders/train-text.ts';
import { openSession } from '../../../trainer-server/graph/index.ts';
import type { Figures } from '../bench.ts';
import { icecat, judgements } from '../search/icecat.ts';
import { likenessQuality } from './branches.ts';
import { optionsOf } from './edge-encoder.ts';

const SEEDS = 3;
const FEW = { steps: { least: 150, most: 150 } } as const;
/** Texts that the tokenizer is learned from: more teach it little. */
const COUNTED = 2000;

const settingsOf = (order: number): TextTrainingOptions => ({
  ...TEXT_TRAINING,
  layers: { small: 1, large: 1 },
  pretraining: { ...TEXT_TRAINING.pretraining, ...FEW, batch: 16, length: 32, order, leastTokens: 0 },
  contrastive: { ...TEXT_TRAINING.contrastive, ...FEW, batch: 24, length: 16 },
});

export async function sentenceOrder(say: (line: string) => void): Promise<Figures> {
  const grades = judgements();
  const judged = new Set([...grades.values()].flatMap((of) => [...of.keys()]));
  const products = icecat().map(({ price: _, ...line }): Product => ({ ...line, category: [] }));
  const asked = products.filter(({ sku }) => judged.has(sku));
  const texts = corpusOf(products, []);
  const file = trainTokenizer(texts.slice(0, COUNTED), TOKENIZER_OPTIONS);
  const data: TextData = {
    texts,
    tokenizer: openTokenizer(file),
    vocabulary: vocabularySize(file),
    sources: pairSources(catalogueOf({ products, events: [] }), [], [], TEXT_TRAINING.contrastive),
    products: products.length,
  };
  say(`more like this after pretraining, ${asked.length} products of Icecat, NDCG@10 by seed:`);
  const told = async (order: number): Promise<{ quality: number; loss: number }> => {
    const found: number[] = [];
    let loss = Number.NaN;
    for (let seed = 0; seed < SEEDS; seed++) {
      const settings = settingsOf(order);
      const options = { ...optionsOf(settings), random: seeded(`order ${seed}`) };
      const { parameters, config, report } = (await trainText(data, options, settings))!;
      const session = await openSession(textOnnx(parameters, config));
      const vectors = await encodeTexts(session, config, data.tokenizer, asked.map(productText));
      await session.close();
      found.push(likenessQuality(asked, vectors, grades));
      loss = report.orderLoss ?? loss;
    }
    const name = order === 0 ? 'masked words' : 'words and order';
    say(`  ${name.padEnd(16)} ${found.map((quality) => quality.toFixed(3)).join('  ')}`);
    return { quality: found.reduce((a, b) => a + b, 0) / SEEDS, loss };
  };
  const [words, ordered] = [await told(0), await told(1)];
  return {
    pretraining_words_ndcg10: words.quality,
    pretraining_words_and_order_ndcg10: ordered.quality,
    pretraining_order_loss: ordered.loss,
  };
}
