/** Finding products by words in either language: the shop's own search, until the SDK ranks better. */

import type { Catalogue, ShopProduct } from './catalogue.ts';

/**
 * Every word of the query must be found somewhere; titles count most. Chinese is written without spaces, so a run of
 * it also matches by its pairs of characters, at least half of them.
 */
export function lexicalSearch(catalogue: Catalogue, query: string): ShopProduct[] {
  const words = wordsOf(query);
  if (words.length === 0) return [];
  return catalogue.products
    .map((product) => ({ product, score: scoreOf(catalogue, product, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || b.product.ratingCount - a.product.ratingCount)
    .map(({ product }) => product);
}

const wordsOf = (query: string): string[] =>
  query
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '');

function scoreOf(catalogue: Catalogue, product: ShopProduct, words: readonly string[]): number {
  const fields: [text: string, weight: number][] = [
    [product.title.join(' '), 4],
    [product.category.map((name) => `${name} ${catalogue.categoryName(name, 'zh')}`).join(' '), 3],
    [`${product.brand} ${product.colour.join(' ')} ${product.material.join(' ')}`, 2],
    [product.text.join(' '), 1],
  ];
  let score = 0;
  for (const part of words) {
    const found = Math.max(...fields.map(([text, weight]) => weight * matchOf(text.toLowerCase(), part)));
    if (found === 0) return 0;
    score += found;
  }
  return score;
}

/** 1 at the start of a word, 0.5 inside, a share for Chinese pairs, else 0. */
function matchOf(text: string, part: string): number {
  const singular = part.length > 3 ? part.replace(/s$/, '') : part;
  const at = text.indexOf(singular);
  if (at >= 0) return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]!) || isHan(part) ? 1 : 0.5;
  if (!isHan(part) || part.length < 3) return 0;
  const pairs = Array.from({ length: part.length - 1 }, (_, i) => part.slice(i, i + 2));
  const found = pairs.filter((pair) => text.includes(pair)).length / pairs.length;
  return found >= 0.5 ? found * 0.8 : 0;
}

const isHan = (text: string): boolean => /^\p{Script=Han}+$/u.test(text);
