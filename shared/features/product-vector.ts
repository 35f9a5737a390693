/**
 * A product as one unit vector: text, picture, category path, brand, price, rating and popularity, each where it is
 * known. A branch other than text and picture is written into a fixed random direction (or a sum of them): random directions of this
 * many dimensions are nearly orthogonal (Johnson and Lindenstrauss 1984), so no branch hides another and a product
 * that training never saw gets its vector by the same arithmetic.
 */

import type { Product } from '../product.ts';
import { seeded } from '../random.ts';

/** What the catalogue tells about its own ranges. Published, so that a device can place a new product. */
export interface FusionSpec {
  width: number;
  /** Mean of the catalogue's text vectors: encoders put every text near one direction, which says nothing. */
  textMean: number[];
  /** Ascending quantiles of the prices, minor units. */
  priceEdges: number[];
  /** Mean rating of the catalogue, and the number of ratings that it counts for. */
  rating: { mean: number; deviation: number };
  /** Mean and deviation of log(1 + decayed touches). */
  popularity: { mean: number; deviation: number };
}

/** Lengths of the branches before the sum is normalised. Text leads: it is what tells products of a category apart. */
export const BRANCH_WEIGHTS = {
  text: 1,
  picture: 0.4,
  category: 0.6,
  brand: 0.35,
  price: 0.3,
  rating: 0.1,
  popularity: 0.1,
};

/** Ratings that the catalogue's mean counts for (Bayesian shrinkage). */
const PRIOR_RATINGS = 10;

/** Cosine waves over the price quantile: neighbours in price stay neighbours. */
const PRICE_WAVES = 6;

export type FusedProduct = Pick<Product, 'sku' | 'category'> &
  Partial<Pick<Product, 'brand' | 'price' | 'rating' | 'ratingCount'>>;

/**
 * The product's unit vector, [width].
 * @param text unit vector of its text, where it has one
 * @param touches decayed number of touches, where behaviour is known
 * @param picture unit vector of its picture, in the space of the other branches' sum
 */
export function productVector(
  product: FusedProduct,
  spec: FusionSpec,
  text?: Float32Array,
  touches?: number,
  picture?: Float32Array,
): Float32Array {
  const { width } = spec;
  const sum = new Float32Array(width);
  let branches = 0;
  const add = (direction: ArrayLike<number>, weight: number): void => {
    for (let i = 0; i < width; i++) sum[i]! += direction[i]! * weight;
    branches++;
  };
  if (text !== undefined) add(unit(text.map((x, i) => x - (spec.textMean[i] ?? 0))), BRANCH_WEIGHTS.text);
  if (picture !== undefined) add(picture, BRANCH_WEIGHTS.picture);
  if (product.category.length > 0) add(categoryVector(product.category, width), BRANCH_WEIGHTS.category);
  if (product.brand !== undefined && product.brand !== '')
    add(direction(`brand ${product.brand}`, width), BRANCH_WEIGHTS.brand);
  if (product.price !== undefined && spec.priceEdges.length > 0)
    add(priceVector(product.price, spec), BRANCH_WEIGHTS.price);
  if (product.rating !== undefined) {
    const count = product.ratingCount ?? PRIOR_RATINGS;
    const shrunk = (product.rating * count + spec.rating.mean * PRIOR_RATINGS) / (count + PRIOR_RATINGS);
    add(direction('rating', width), BRANCH_WEIGHTS.rating * standard(shrunk, spec.rating));
  }
  // An id alone still tells products apart.
  if (branches === 0) add(direction(`sku ${product.sku}`, width), 1);
  if (touches !== undefined)
    add(
      direction('popularity', width),
      BRANCH_WEIGHTS.popularity * standard(Math.log1p(touches), spec.popularity),
    );
  return unit(sum);
}

/** Each prefix of the path in its own direction: siblings share all but the last. */
function categoryVector(path: readonly string[], width: number): Float32Array {
  const sum = new Float32Array(width);
  path.forEach((_, depth) => {
    const own = direction(`category ${path.slice(0, depth + 1).join(' > ')}`, width);
    for (let i = 0; i < width; i++) sum[i]! += own[i]!;
  });
  return unit(sum);
}

function priceVector(price: number, { priceEdges, width }: FusionSpec): Float32Array {
  const below = priceEdges.filter((edge) => edge <= price).length;
  const low = priceEdges[below - 1] ?? 0;
  const high = priceEdges[below] ?? Math.max(low * 2, low + 1);
  const within = high > low ? Math.min(1, (price - low) / (high - low)) : 0;
  const place = (below + within) / (priceEdges.length + 1);
  const sum = new Float32Array(width);
  for (let wave = 1; wave <= PRICE_WAVES; wave++) {
    const own = direction(`price ${wave}`, width);
    const weight = Math.cos(Math.PI * wave * place) / wave;
    for (let i = 0; i < width; i++) sum[i]! += own[i]! * weight;
  }
  return unit(sum);
}

const standard = (x: number, { mean, deviation }: { mean: number; deviation: number }): number =>
  Math.max(-3, Math.min(3, (x - mean) / (deviation > 0 ? deviation : 1)));

const directions = new Map<string, Float32Array>();

/** A fixed random unit vector for a name; kept, since categories and brands repeat. */
function direction(name: string, width: number): Float32Array {
  const key = `${width} ${name}`;
  let known = directions.get(key);
  if (known === undefined) {
    const random = seeded(name);
    known = unit(Float32Array.from({ length: width }, () => random.normal()));
    if (!name.startsWith('sku ')) directions.set(key, known);
  }
  return known;
}

/** Scaled to length 1; a zero vector stays zero. */
export function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const x of vector) squares += x * x;
  if (squares === 0) return vector;
  const scale = 1 / Math.sqrt(squares);
  return vector.map((x) => x * scale);
}
