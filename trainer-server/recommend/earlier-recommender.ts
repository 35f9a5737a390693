/**
 * The recommender of an earlier release, for the training that goes on from it: what it counted, where the new log does
 * not hold the old one, and how it does on questions of its own period and of the new one.
 */

import type { CatalogueFile } from '../../shared/bundle.ts';
import type { BehaviourEvent } from '../../shared/event.ts';
import type { Product } from '../../shared/product.ts';
import { type Blend, type Recommender, recommendScores } from '../../shared/recommend/recommend.ts';
import { spreadBaskets } from '../../shared/recommend/spread.ts';
import { readRecommender } from '../../shared/recommend/tables.ts';
import { readTensorMetadata, readTensors } from '../../shared/tensors.ts';
import type { Catalogue } from '../encoders/catalogue.ts';
import { encodeBatch } from '../encoders/session-export.ts';
import type { Bundle } from '../release/bundle.ts';
import { worthOf } from './blend-case.ts';
import { type CountMemory, inRows, readMemory } from './count-memory.ts';
import { holdsLog } from './log-sketch.ts';
import { catalogueTables, historyEncoder } from './open-bundle-tables.ts';
import { PAST_FILE, type Past, type Question, readPast } from './past.ts';

export const COUNTS_FILE = 'counts.safetensors';

export interface EarlierRecommender {
  /** Its catalogue, in the order of its rows. */
  products: Product[];
  /** In its rows; absent where the new log holds the old one, which is then simply counted again. */
  memory?: CountMemory;
  /** What it kept of its own period; no visits where `memory` is absent. */
  past: Past;
  /** How it mixed. */
  blend: Blend;
  /** Worth of each target's rank, hit@10 + reciprocal rank within 20; 0 for a product that it does not know. */
  worths(questions: readonly Question[]): Promise<number[]>;
}

/** @param events the new log @returns undefined where the bundle recommends nothing, or was made before it kept counts */
export async function openEarlierRecommender(
  bundle: Bundle | undefined,
  events: readonly BehaviourEvent[],
): Promise<EarlierRecommender | undefined> {
  const [counts, kept, neighbours, file] = bundle
    ? await Promise.all([
        bundle.trainerFile(COUNTS_FILE),
        bundle.trainerFile(PAST_FILE),
        bundle.tensors('neighbours'),
        bundle.catalogue(),
      ])
    : [];
  if (bundle === undefined || counts === undefined || neighbours === undefined || file === undefined)
    return undefined;
  const metadata = readTensorMetadata(counts, COUNTS_FILE);
  const tables = await catalogueTables(bundle);
  const recommender = readRecommender(tables, neighbours);
  const again = holdsLog(events, JSON.parse(metadata.sketch ?? '[]') as number[]);
  const past = readPast(kept);
  return {
    products: productsOf(file.products),
    ...(again ? {} : { memory: readMemory(readTensors(counts, COUNTS_FILE), metadata) }),
    past: again ? { ...past, visits: [] } : past,
    blend: recommender.blend,
    async worths(asked) {
      const encoder = await historyEncoder(bundle, tables, await bundle.first());
      const histories = asked.map(({ history }) => spreadBaskets(history));
      const states = encoder && (await encodeBatch(encoder, histories));
      await encoder?.session.close();
      const width = encoder?.config.width ?? 0;
      return worthsOf(recommender, asked, (i) => states?.subarray(i * width, (i + 1) * width));
    },
  };
}

/** What it counted, in the rows of another catalogue; undefined where its log is in the new one. */
export const rememberedIn = (
  { memory, products }: Pick<EarlierRecommender, 'memory' | 'products'>,
  catalogue: Pick<Catalogue, 'products' | 'rowOf'>,
): CountMemory | undefined =>
  memory && inRows(memory, catalogue.products.length, (row) => catalogue.rowOf(products[row]!.sku));

/** Worth of each target's rank. @param stateOf the session encoder's state of each question */
export function worthsOf(
  recommender: Recommender,
  questions: readonly Question[],
  stateOf: (question: number) => Float32Array | undefined,
): number[] {
  return questions.map(({ history, target }, i) => {
    const row = recommender.rowOf(target);
    if (row === undefined) return 0;
    const scores = recommendScores(recommender, { history }, stateOf(i));
    return worthOf(scores.reduce((rank, score) => rank + Number(score >= scores[row]!), 0));
  });
}

/** A release's products as far as it tells them. */
function productsOf({
  sku,
  title,
  price,
  category,
  brand,
  categories,
  brands,
}: CatalogueFile['products']): Product[] {
  return sku.map((each, row) => ({
    sku: each,
    title: title[row] ?? '',
    category: categories[category[row]!] ?? [],
    ...(price[row] == null ? {} : { price: price[row] }),
    ...(brands[brand[row]!] === undefined ? {} : { brand: brands[brand[row]!]! }),
  }));
}
