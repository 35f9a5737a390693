/** `classify`: tells products' categories from their texts. */

import { BadInput } from '../../shared/errors.ts';
import { productText } from '../../shared/features/profile-text.ts';
import { readProduct } from '../../shared/product.ts';
import { classify, readClassifier } from '../../shared/search/classifier.ts';
import { readTensorMetadata, readTensors } from '../../shared/tensors.ts';
import { openBundle } from '../release/bundle.ts';
import { answerLines } from './answer-lines.ts';
import type { Command } from './command.ts';
import { needed } from './options.ts';
import { significant } from './recommend.ts';

const HELP = `
promo-edge classify --bundle BUNDLE < products.jsonl

Reads product lines without a category and prints for each {sku, category, confidence}. Confidence is the estimated
chance that the category is right; a product without words gets category null and confidence 0. A catalogue of one
category taught nothing that tells it from others: confidence is then the chance that its next product has it too, less
as far as the text is less familiar than those of its products.
`;

export const command: Command = {
  name: 'classify',
  summary: 'tell the category of products from their texts',
  help: HELP,
  options: { bundle: { type: 'string' } },
  async run(values, _, io) {
    const bundle = await openBundle(needed(values, 'bundle', 'a bundle folder'));
    const bytes = await bundle.bytes('classify');
    if (bytes === undefined) {
      throw new BadInput(
        { file: bundle.dir },
        'a bundle with a category classifier',
        'none',
        'Train it on products that have both text and categories',
      );
    }
    const classifier = readClassifier(readTensors(bytes, 'classify'), readTensorMetadata(bytes, 'classify'));
    const { shop } = await bundle.first();
    await answerLines(
      io,
      (raw) => readProduct(raw, shop.currency),
      async (batch) =>
        batch.map((product) => {
          const verdict = classify(classifier, productText(product));
          return {
            sku: product.sku,
            category: verdict?.category ?? null,
            confidence: significant(verdict?.confidence ?? 0),
          };
        }),
    );
    return 0;
  },
};
