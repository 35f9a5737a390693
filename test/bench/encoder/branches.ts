/**
 * What each branch of a product's vector gives: on Icecat's judged queries (shared data), every product that people found
 * relevant asks for the others by cosine, among all judged products and as many more of the catalogue. NDCG@10 with every
 * branch, with each left out, and with each alone. Icecat tells no categories, ratings or behaviour.
 */

import type { Product } from '../../../shared/product.ts';
import { seeded } from '../../../shared/random.ts';
import { products as innerProducts } from '../../../shared/recommend/parts.ts';
import { topRows } from '../../../shared/recommend/top-rows.ts';
import { catalogueOf } from '../../../trainer-server/encoders/catalogue.ts';
import { fuseCatalogue } from '../../../trainer-server/encoders/fuse.ts';
import { trainEncoders } from '../../../trainer-server/encoders/index.ts';
import { TEXT_TRAINING } from '../../../trainer-server/encoders/text-options.ts';
import { gain } from '../../../trainer-server/search/ndcg.ts';
import type { Figures } from '../bench.ts';
import { icecat, judgements } from '../search/icecat.ts';
import { eachAndWithout } from './each-and-without.ts';
import { FEW_STEPS, optionsOf } from './edge-encoder.ts';
import { meaningInSearch } from './meaning.ts';

const WIDTH = 64;
const DEPTH = 10;
/** Products that nobody judged, beside those that were. */
const OTHERS = 2000;
/** Products of a query that ask: more of one query say the same. */
const ASKING = 5;

const BRANCHES = ['text', 'brand', 'price'] as const;
type Branch = (typeof BRANCHES)[number];

export async function branchAblation(full: boolean, say: (line: string) => void): Promise<Figures> {
  const grades = judgements();
  const judged = new Set([...grades.values()].flatMap((of) => [...of.keys()]));
  const listed = icecat().map(
    ({ attributes: _, price, ...line }): Product => ({
      ...line,
      category: [],
      ...(price === undefined ? {} : { price: Math.round(100 * price) }),
    }),
  );
  const products = [
    ...listed.filter(({ sku }) => judged.has(sku)),
    ...listed.filter(({ sku }) => !judged.has(sku)).slice(0, OTHERS),
  ];
  const settings = full ? TEXT_TRAINING : FEW_STEPS;
  const models = await trainEncoders(
    { products, events: [], pairs: [] },
    { ...optionsOf(settings), random: seeded('branches') },
  );
  const quality = (branches: readonly Branch[]): number =>
    likenessQuality(products, vectorsWith(products, branches, models.textVectors!), grades);
  say(`more like this, ${products.length} products of Icecat, NDCG@10:`);
  const figures: Figures = {};
  const tell = (name: string, branches: readonly Branch[]): void => {
    const found = quality(branches);
    figures[`branches_${name.replaceAll(' ', '_')}_ndcg10`] = found;
    say(`  ${name.padEnd(16)} ${found.toFixed(3)}`);
  };
  eachAndWithout(BRANCHES, tell);
  return { ...figures, ...(await meaningInSearch(models, products, grades, say)) };
}

/** Fused vectors of what is left of the products. */
function vectorsWith(
  products: readonly Product[],
  branches: readonly Branch[],
  text: Float32Array,
): Float32Array {
  const left = products.map(
    ({ brand, price, ...product }): Product => ({
      ...product,
      ...(branches.includes('brand') && brand !== undefined ? { brand } : {}),
      ...(branches.includes('price') && price !== undefined ? { price } : {}),
    }),
  );
  const catalogue = catalogueOf({ products: left, events: [] });
  const own = branches.includes('text') ? text : undefined;
  return fuseCatalogue(catalogue, WIDTH, sixteenths(products), own).vectors;
}

/** Edges between sixteenths of the prices, each once. */
export function sixteenths(products: readonly Product[]): number[] {
  const prices = products.flatMap(({ price }) => price ?? []).sort((a, b) => a - b);
  const edges = Array.from({ length: 15 }, (_, i) => prices[Math.floor(((i + 1) * prices.length) / 16)]!);
  return [...new Set(edges)];
}

/** NDCG@10, the mean over asking products. @param vectors unit vectors [products, WIDTH] */
export function likenessQuality(
  products: readonly Product[],
  vectors: Float32Array,
  grades: ReadonlyMap<string, ReadonlyMap<string, number>>,
): number {
  const rowOf = new Map(products.map(({ sku }, row) => [sku, row]));
  const found: number[] = [];
  for (const of of grades.values()) {
    const relevant = [...of].filter(([sku, grade]) => grade > 0 && rowOf.has(sku));
    for (const [sku] of relevant.slice(0, ASKING)) {
      const row = rowOf.get(sku)!;
      const wanted = relevant.filter(([other]) => other !== sku).map(([, grade]) => grade);
      if (wanted.length === 0) continue;
      const own = vectors.subarray(row * WIDTH, (row + 1) * WIDTH);
      const scores = innerProducts({ width: WIDTH, data: vectors }, own).map((x) => x + 1);
      scores[row] = -1;
      const told = topRows(scores, DEPTH).map((at) => of.get(products[at]!.sku) ?? 0);
      const best = wanted.sort((a, b) => b - a).slice(0, DEPTH);
      found.push(gain(told) / gain(best));
    }
  }
  return found.reduce((a, b) => a + b, 0) / found.length;
}
