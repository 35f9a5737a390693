/**
 * What each branch of a product's vector tells of a product that no training saw: the demo shop's products with the pictures
 * drawn for them, four fifths trained on, the others placed by some of their branches and given the category (the top one,
 * and the whole path) of the trained product that is nearest by the same branches. The category itself is never among them.
 */

import { productVector } from '../../../shared/features/product-vector.ts';
import { productText } from '../../../shared/features/profile-text.ts';
import type { Product } from '../../../shared/product.ts';
import { products as innerProducts } from '../../../shared/recommend/parts.ts';
import type { EncoderModels } from '../../../trainer-server/encoders/index.ts';
import { encodeTexts, textOnnx } from '../../../trainer-server/encoders/text-export.ts';
import { openTokenizer } from '../../../trainer-server/encoders/tokenizer.ts';
import { openSession } from '../../../trainer-server/graph/index.ts';
import type { Figures } from '../bench.ts';
import { eachAndWithout } from './each-and-without.ts';

const BRANCHES = ['text', 'picture', 'brand', 'price', 'rating'] as const;
type Branch = (typeof BRANCHES)[number];

/** Unit vectors of products' pictures, by place. */
export type PictureVectors = ReadonlyMap<number, Float32Array>;

/** @param seen pictures of the catalogue that was trained on, by row, and of the fresh products */
export async function demoBranches(
  models: EncoderModels,
  fresh: readonly Product[],
  seen: { known: PictureVectors; fresh: PictureVectors },
  say: (line: string) => void,
): Promise<Figures> {
  const known = models.catalogue.products;
  const [texts, freshTexts] = await Promise.all([known, fresh].map((of) => textVectors(models, of)));
  const figures: Figures = {};
  say('  by branches, top category and whole path:');
  const tell = (name: string, branches: readonly Branch[]): void => {
    const placed = placedBy(branches, models, known, texts!, seen.known);
    const asked = placedBy(branches, models, fresh, freshTexts!, seen.fresh);
    const { width } = models.fusion;
    const found = fresh.map((product, i) => {
      const near = innerProducts({ width, data: placed }, asked.subarray(i * width, (i + 1) * width));
      const { category } = known[near.indexOf(Math.max(...near))]!;
      return [category[0] === product.category[0], `${category}` === `${product.category}`];
    });
    const [top, path] = [0, 1].map((of) => found.filter((right) => right[of]).length / fresh.length);
    say(`    ${name.padEnd(16)} ${top!.toFixed(3)}  ${path!.toFixed(3)}`);
    const key = `demo_branches_${name.replaceAll(' ', '_')}`;
    Object.assign(figures, { [`${key}_top`]: top, [`${key}_path`]: path });
  };
  eachAndWithout(BRANCHES, tell);
  return figures;
}

function placedBy(
  branches: readonly Branch[],
  { fusion }: EncoderModels,
  products: readonly Product[],
  texts: Float32Array,
  pictures: PictureVectors,
): Float32Array {
  const { width } = fusion;
  const has = (branch: Branch): boolean => branches.includes(branch);
  const out = new Float32Array(products.length * width);
  products.forEach(({ sku, brand, price, rating, ratingCount }, i) => {
    const told = {
      sku,
      category: [],
      ...(has('brand') && brand !== undefined ? { brand } : {}),
      ...(has('price') && price !== undefined ? { price } : {}),
      ...(has('rating') && rating !== undefined ? { rating, ratingCount: ratingCount ?? 0 } : {}),
    };
    const text = has('text') ? texts.subarray(i * width, (i + 1) * width) : undefined;
    const picture = has('picture') ? pictures.get(i) : undefined;
    out.set(productVector(told, fusion, text, undefined, picture), i * width);
  });
  return out;
}

async function textVectors(
  { text, tokenizer }: EncoderModels,
  products: readonly Product[],
): Promise<Float32Array> {
  const { config, parameters } = text!;
  const session = await openSession(textOnnx(parameters, config));
  try {
    return await encodeTexts(session, config, openTokenizer(tokenizer!), products.map(productText));
  } finally {
    await session.close();
  }
}
