/** Amazon-Google's labelled pairs (shared data): which two titles are one product, told by the cosine of their vectors. */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { productText } from '../../../shared/features/profile-text.ts';
import { realData } from '../../helpers/real-data.ts';

export interface Titled {
  sku: string;
  title: string;
  brand?: string;
  price?: number;
}

export interface LabelledPair {
  a: Titled;
  b: Titled;
  label: 0 | 1;
}

/** Lines `COL title VAL ... COL manufacturer VAL ... COL price VAL ...` of both products, then the label. */
export function labelledPairs(part: 'train' | 'valid'): LabelledPair[] {
  const lines = gunzipSync(readFileSync(realData(`matching/Amazon-Google.${part}.tsv.gz`)))
    .toString('utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const [a, b, label] = line.split('\t') as [string, string, string];
    return { a: titled(a), b: titled(b), label: Number(label) === 1 ? 1 : 0 };
  });
}

function titled(text: string): Titled {
  const [, title, brand, told] = /COL title VAL (.*?) ?COL manufacturer VAL (.*?) ?COL price VAL ?(.*)$/.exec(
    text,
  )!;
  const price = Number.parseFloat(told!);
  return {
    sku: text,
    title: title!,
    ...(brand === '' ? {} : { brand: brand! }),
    ...(price > 0 ? { price } : {}),
  };
}

/** Every product once. */
export const productsOf = (pairs: readonly LabelledPair[]): Titled[] => [
  ...new Map(pairs.flatMap(({ a, b }) => [a, b]).map((one) => [one.sku, one])).values(),
];

/** Cosine of each pair's vectors cut to `width`. @param vectors by the product's text */
export function likeness(
  pairs: readonly LabelledPair[],
  vectors: ReadonlyMap<string, readonly number[]>,
  width = Number.POSITIVE_INFINITY,
): number[] {
  return pairs.map(({ a, b }) => {
    const [x, y] = [vectors.get(productText(a))!, vectors.get(productText(b))!].map((v) =>
      v.slice(0, width),
    ) as [number[], number[]];
    const dot = x.reduce((sum, v, i) => sum + v * y[i]!, 0);
    return dot / Math.max(1e-12, Math.hypot(...x) * Math.hypot(...y));
  });
}

/** The mean precision over the places of the pairs that are one product, the likest first: no threshold to choose. */
export function averagePrecision(pairs: readonly LabelledPair[], scores: readonly number[]): number {
  const order = [...pairs.keys()].sort((i, j) => scores[j]! - scores[i]!);
  let found = 0;
  let sum = 0;
  order.forEach((i, place) => {
    if (pairs[i]!.label === 1) sum += ++found / (place + 1);
  });
  return sum / found;
}

/** The score from which on pairs are called one product, such that F1 is largest. */
export function bestThreshold(pairs: readonly LabelledPair[], scores: readonly number[]): number {
  const candidates = [...new Set(scores)].sort((a, b) => a - b);
  const step = Math.max(1, Math.floor(candidates.length / 400));
  let best = { threshold: 0, quality: -1 };
  for (let i = 0; i < candidates.length; i += step) {
    const quality = f1(pairs, scores, candidates[i]!);
    if (quality > best.quality) best = { threshold: candidates[i]!, quality };
  }
  return best.threshold;
}

export function f1(pairs: readonly LabelledPair[], scores: readonly number[], threshold: number): number {
  let [right, called, one] = [0, 0, 0];
  pairs.forEach(({ label }, i) => {
    const says = scores[i]! >= threshold;
    right += Number(says && label === 1);
    called += Number(says);
    one += label;
  });
  return (2 * right) / Math.max(1, called + one);
}
