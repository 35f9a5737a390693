/** Products that a release has no row for, a text encoder to place them, and the vectors that the trainer gives them. */

import { productVector } from '../../shared/features/product-vector.ts';
import { productText } from '../../shared/features/profile-text.ts';
import { TEXT_ENCODER, textEncoderShapes } from '../../shared/models/text-encoder.ts';
import { seeded } from '../../shared/random.ts';
import { encodeTexts, textOnnx } from '../../trainer-server/encoders/text-export.ts';
import { openTokenizer, trainTokenizer, vocabularySize } from '../../trainer-server/encoders/tokenizer.ts';
import { openSession } from '../../trainer-server/graph/index.ts';
import { bundleFixture, type Fixture, FUSION, type TextFixture } from './bundle-fixture.ts';
import { cutForDevices } from './fixture-bundle.ts';
import { randomParameters } from './random-parameters.ts';
import type { SigningKey } from './signing.ts';

export interface Newcomer {
  sku: string;
  title: string;
  category: string[];
  brand: string;
  /** Minor units. */
  price: number;
}

const NEWCOMERS: readonly Newcomer[] = [
  { sku: 'new', title: 'Ember teapot', category: ['Kitchen', 'Tea'], brand: 'Ashdown', price: 4600 },
  { sku: '新', title: '龙井绿茶', category: ['Kitchen', 'Tea'], brand: '云和', price: 1400 },
];

/** As a page shows it to GA4. */
export const shownItem = ({ sku, title, category, brand, price }: Newcomer): Record<string, unknown> => ({
  ...{ item_id: sku, item_name: title, item_category: category[0], item_category2: category[1] },
  ...{ item_brand: brand, price: price / 100 },
});

function textFixture(): TextFixture {
  const tokenizer = trainTokenizer(['oat stoneware teapot', 'green tea', '龙井绿茶 80 克'], {
    vocabulary: 300,
  });
  const config = { ...TEXT_ENCODER, vocabulary: vocabularySize(tokenizer) };
  return { tokenizer, config, parameters: randomParameters(textEncoderShapes(config), seeded('words')) };
}

/** By the ONNX graph of the trainer's text encoder. */
async function trainersVector(
  { tokenizer, config, parameters }: TextFixture,
  product: Newcomer,
): Promise<number[]> {
  const session = await openSession(textOnnx(parameters, config));
  const words = await encodeTexts(session, config, openTokenizer(tokenizer), [productText(product)]);
  await session.close();
  return [...productVector(product, FUSION, words)];
}

/** Without its words it would stand somewhere else. */
const wordlessVector = ({ sku, category, brand, price }: Newcomer): Float32Array =>
  productVector({ sku, category, brand, price }, FUSION);

/** A release without its last product's row, and what the trainer makes of it and of products of this morning. */
export async function releaseForNewcomers(key: SigningKey): Promise<{
  release: Fixture;
  vectors: { product: Newcomer; expected: number[]; wordless: Float32Array }[];
}> {
  const text = textFixture();
  const whole = await bundleFixture({ key, text, products: 300 });
  // As `publish` cuts a catalogue that is too large for a table.
  const release = await cutForDevices(whole, 299);
  const products = [...NEWCOMERS, { ...NEWCOMERS[0]!, sku: 'p299' }];
  const vectors = products.map(async (product) => ({
    product,
    expected: await trainersVector(text, product),
    wordless: wordlessVector(product),
  }));
  return { release, vectors: await Promise.all(vectors) };
}
