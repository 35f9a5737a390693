/**
 * The category, to be told by a product's vector: a softmax over the cosines with a direction for each category (Wang et
 * al. 2018, CosFace, arXiv 1801.09414, equation 2 without its margin). A category's direction is the sum of those that the
 * places of its path have, so that what "Kitchen > Mugs" learned of kitchens serves "Kitchen > Cups".
 */

import { productText } from '../../shared/features/profile-text.ts';
import type { TextTokenizer } from '../../shared/features/text-tokens.ts';
import type { TextEncoderConfig } from '../../shared/models/text-encoder.ts';
import type { Product } from '../../shared/product.ts';
import type { Random } from '../../shared/random.ts';
import {
  crossEntropy,
  type Feeds,
  gather,
  matmul,
  mul,
  type Program,
  reshape,
  sum,
  type Value,
} from '../graph/index.ts';
import { inTurn, padded } from './draw.ts';
import { HEAD } from './heads.ts';
import { nestedLoss } from './nested-loss.ts';
import { textStates, textVectors } from './text-network.ts';
import type { TextTrainingOptions } from './text-options.ts';
import { withoutSomeWords } from './text-pairs.ts';
import { initialParameters } from './transformer.ts';
import type { Parameters } from './tuning/fine-tuning.ts';

export interface CategoryLabels {
  products: readonly { title: string; text: string; label: number }[];
  /** Of each category the places of its path, from the root down, by number. */
  paths: readonly (readonly number[])[];
  /** Places in all. */
  places: number;
}

/** Products with category and text below which a loss of its own is noise. */
const LEAST_PRODUCTS = 20;

/** Categories told apart, the commonest: a step costs as many products of vectors. */
const MOST_CATEGORIES = 2000;

/** @returns undefined where the catalogue tells no two categories, or hardly any product's */
export function categoryLabels(catalogue: readonly Product[]): CategoryLabels | undefined {
  const counts = new Map<string, number>();
  const keyOf = (path: readonly string[]): string => JSON.stringify(path);
  const told = catalogue.filter((one) => one.category.length > 0 && productText(one).trim() !== '');
  for (const { category } of told) counts.set(keyOf(category), (counts.get(keyOf(category)) ?? 0) + 1);
  const kept = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MOST_CATEGORIES);
  const labels = new Map(kept.map(([key], label) => [key, label]));
  const products = told.flatMap((product) => {
    const label = labels.get(keyOf(product.category));
    return label === undefined ? [] : [{ title: product.title, text: productText(product), label }];
  });
  if (labels.size < 2 || products.length < LEAST_PRODUCTS) return undefined;
  const places = new Map<string, number>();
  const paths = kept.map(([key]) => {
    const path = JSON.parse(key) as string[];
    return path.map((_, depth) => {
      const place = keyOf(path.slice(0, depth + 1));
      if (!places.has(place)) places.set(place, places.size);
      return places.get(place)!;
    });
  });
  return { products, paths, places: places.size };
}

const DIRECTIONS = `${HEAD}category`;

/** A direction for each place of the category tree. */
export const categoryHead = (
  { places }: CategoryLabels,
  { vectorWidth }: TextEncoderConfig,
  random: Random,
): Parameters => initialParameters({ [DIRECTIONS]: [places, vectorWidth] }, 1, random);

/** @param head of categoryHead; values that `parameters` hold already stay */
export function categoryProgram(
  parameters: Program['parameters'],
  head: Parameters,
  { paths }: CategoryLabels,
  config: TextEncoderConfig,
  time: number,
  settings: TextTrainingOptions,
): Program {
  const { batch, sharpness } = settings.categories;
  const tree = [paths.length, depthOf(paths)];
  return {
    parameters: { ...head, ...parameters },
    inputs: {
      tokens: { dtype: 'i32', shape: [batch, time] },
      length: { dtype: 'i32', shape: [batch] },
      label: { dtype: 'i32', shape: [batch] },
      path: { dtype: 'i32', shape: tree },
      within: { dtype: 'f32', shape: tree },
    },
    loss(_, p, x) {
      const states = textStates(p, x.tokens!, x.length!, config, settings.dropout);
      const vectors = textVectors(p, states, x.tokens!, x.length!);
      const directions = directionsOf(p[DIRECTIONS]!, x.path!, x.within!);
      return {
        loss: nestedLoss(settings, config, (prefix) => {
          const cosines = matmul(prefix(vectors), prefix(directions), { transposeB: true });
          return crossEntropy(mul(cosines, sharpness), x.label!);
        }),
      };
    },
    optimiser: { weightDecay: settings.weightDecay },
    dropoutSeed: 'categories',
  };
}

/** [categories, vectorWidth]. */
function directionsOf(places: Value, path: Value, within: Value): Value {
  const [categories, depth] = path.shape as [number, number];
  return sum(mul(gather(places, path), reshape(within, [categories, depth, 1])), { axes: [1] });
}

/** Batches in which half of the products are known by their title alone, as a page knows them. */
export function categoryBatches(
  { products, paths }: CategoryLabels,
  tokenizer: TextTokenizer,
  time: number,
  random: Random,
  { categories, contrastive }: Pick<TextTrainingOptions, 'categories' | 'contrastive'>,
): () => Feeds {
  const draw = inTurn(products.length, categories.batch, random);
  const tree = treeOf(paths);
  return () => {
    const chosen = draw().map((i) => products[i]!);
    const texts = chosen.map(({ title, text }) =>
      withoutSomeWords(title !== '' && random.next() < 0.5 ? title : text, random, contrastive.deletion / 2),
    );
    const label = Int32Array.from(chosen, (product) => product.label);
    return { ...padded(texts, tokenizer, time), label, ...tree };
  };
}

const depthOf = (paths: CategoryLabels['paths']): number => Math.max(...paths.map(({ length }) => length));

/** Paths side by side, [categories, depth], filled up with place 0 that does not count. */
function treeOf(paths: CategoryLabels['paths']): { path: Int32Array; within: Float32Array } {
  const depth = depthOf(paths);
  const path = new Int32Array(paths.length * depth);
  const within = new Float32Array(paths.length * depth);
  paths.forEach((own, row) => {
    path.set(own, row * depth);
    within.fill(1, row * depth, row * depth + own.length);
  });
  return { path, within };
}
