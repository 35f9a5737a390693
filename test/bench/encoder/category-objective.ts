/**
 * What it gives to ask the text encoder's vectors for the category, on PriceRunner's titles (shared data): encoders of one
 * layer and few steps learn from four fifths of the clusters without categories, with them as text alone, and with them as
 * an objective. Titles of the other clusters are asked: do the five nearest titles that were learned from tell their
 * category, and is the nearest of their own kind the same product?
 */

import type { Product } from '../../../shared/product.ts';
import { hash32, seeded } from '../../../shared/random.ts';
import { products as innerProducts } from '../../../shared/recommend/parts.ts';
import { topRows } from '../../../shared/recommend/top-rows.ts';
import { type EncoderModels, trainEncoders } from '../../../trainer-server/encoders/index.ts';
import { encodeTexts, textOnnx } from '../../../trainer-server/encoders/text-export.ts';
import { TEXT_TRAINING, type TextTrainingOptions } from '../../../trainer-server/encoders/text-options.ts';
import { openTokenizer } from '../../../trainer-server/encoders/tokenizer.ts';
import { openSession } from '../../../trainer-server/graph/index.ts';
import type { Figures } from '../bench.ts';
import { CARRIED, optionsOf } from './edge-encoder.ts';
import { type PricedTitle, pricerunner } from './pricerunner.ts';

const SEEDS = 2;
const FOLDS = 5;
const NEIGHBOURS = 5;
/** Titles asked for their category. */
const ASKED = 1500;

const settings: TextTrainingOptions = {
  ...TEXT_TRAINING,
  layers: { small: 1, large: 1 },
  contrastive: { ...TEXT_TRAINING.contrastive, batch: 32, length: 24, steps: { least: 200, most: 200 } },
};
const variant = (category: boolean, every: number): TextTrainingOptions => ({
  ...settings,
  contrastive: { ...settings.contrastive, category },
  categories: { ...settings.categories, batch: 32, every },
});

interface Quality {
  category: number;
  same: number;
}

const VARIANTS: Record<string, { told: boolean; text: TextTrainingOptions }> = {
  'no category': { told: false, text: variant(false, 0) },
  'category as text': { told: true, text: variant(true, 0) },
  'asked for': { told: true, text: variant(false, 2) },
};

/** @param fold of the clusters that are asked; another than 0 leaves those out that are reported */
export async function categoryObjective(
  say: (line: string) => void,
  fold = 0,
  seeds = SEEDS,
): Promise<Figures> {
  const foldOf = ({ cluster }: PricedTitle): number => hash32(cluster) % FOLDS;
  const titles = pricerunner();
  const asked = titles.filter((title) => foldOf(title) === fold);
  const known = titles.filter((title) => foldOf(title) !== fold && (fold === 0 || foldOf(title) !== 0));
  say(
    `category by ${NEIGHBOURS} nearest titles, and same product by the nearest, ${asked.length} titles, mean of ${seeds} seeds:`,
  );
  const figures: Figures = {};
  for (const [name, { told, text }] of Object.entries(VARIANTS)) {
    const found: Quality[] = [];
    for (let seed = 0; seed < seeds; seed++) {
      const products = known.map(
        ({ sku, title, category }): Product => ({
          sku,
          title,
          category: told ? [category] : [],
        }),
      );
      const options = { ...optionsOf(text), random: seeded(`objective ${seed}`) };
      found.push(
        await qualityOf(await trainEncoders({ products, events: [], pairs: [] }, options), known, asked),
      );
    }
    const mean = (of: keyof Quality): number => found.reduce((sum, each) => sum + each[of], 0) / seeds;
    const each = (of: keyof Quality): string => found.map((one) => one[of].toFixed(3)).join(', ');
    say(
      `  ${name.padEnd(18)} ${mean('category').toFixed(3)} (${each('category')})   ${mean('same').toFixed(3)} (${each('same')})`,
    );
    const key = name.replaceAll(' ', '_');
    figures[`objective_${key}_category`] = mean('category');
    figures[`objective_${key}_same_product`] = mean('same');
  }
  return figures;
}

async function qualityOf(
  { text, tokenizer, textVectors, catalogue }: EncoderModels,
  known: readonly PricedTitle[],
  asked: readonly PricedTitle[],
): Promise<Quality> {
  const { config, parameters } = text!;
  const session = await openSession(textOnnx(parameters, config));
  const titles = asked.map(({ title }) => title);
  const vectors = await encodeTexts(session, config, openTokenizer(tokenizer!), titles);
  await session.close();
  const own = (row: number): Float32Array => vectors.subarray(row * CARRIED, (row + 1) * CARRIED);
  const categories = new Map(known.map(({ sku, category }) => [sku, category]));
  const learned = { width: CARRIED, data: textVectors! };
  const category = asked.slice(0, ASKED).filter((title, row) => {
    const near = topRows(innerProducts(learned, own(row)), NEIGHBOURS);
    return commonest(near.map((at) => categories.get(catalogue.products[at]!.sku)!)) === title.category;
  });
  const sizes = new Map<string, number>();
  for (const { cluster } of asked) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
  const several = [...asked.keys()].filter((row) => sizes.get(asked[row]!.cluster)! > 1);
  const same = several.filter((row) => {
    const scores = innerProducts({ width: CARRIED, data: vectors }, own(row)).map((cosine) => cosine + 1);
    scores[row] = -1;
    return asked[topRows(scores, 1)[0]!]!.cluster === asked[row]!.cluster;
  });
  return { category: category.length / Math.min(ASKED, asked.length), same: same.length / several.length };
}

/** The first of the commonest. */
function commonest(all: readonly string[]): string {
  const count = (one: string): number => all.filter((other) => other === one).length;
  return all.reduce((best, one) => (count(one) > count(best) ? one : best), all[0]!);
}
