/** A small believable catalogue for tests that need no files. */

import type { Product } from '../../shared/product.ts';
import { seeded } from '../../shared/random.ts';
import type { Shop } from '../../shared/shop.ts';

const KINDS: Record<string, { nouns: string[]; price: number }> = {
  'Home > Kitchen': { nouns: ['mug', 'pan', 'kettle', 'bowl', 'knife'], price: 2200 },
  'Home > Textiles': { nouns: ['blanket', 'pillow', 'towel', 'curtain'], price: 3400 },
  'Garden > Tools': { nouns: ['spade', 'rake', 'hose', 'shears'], price: 2800 },
  'Office > Paper': { nouns: ['notebook', 'planner', 'folder', 'cards'], price: 1200 },
  'Toys > Wooden': { nouns: ['train', 'puzzle', 'blocks', 'castle'], price: 3000 },
  'Beauty > Bath': { nouns: ['soap', 'candle', 'lotion', 'brush'], price: 1600 },
};
const WORDS = ['classic', 'blue', 'oak', 'linen', 'small', 'red', 'travel', 'nordic', 'vintage', 'soft'];
const BRANDS = ['Halden', 'Orrin', 'Mosswell', 'Tavi', 'Kestrel'];

/** `count` products over six categories, prices lognormal around each category's. Minor units. */
export function syntheticCatalogue(count = 120, seed = 1): Product[] {
  const random = seeded(`synthetic catalogue ${seed}`);
  const kinds = Object.entries(KINDS);
  return Array.from({ length: count }, (_, i) => {
    const [path, { nouns, price }] = kinds[i % kinds.length]!;
    const own = Math.round((price * Math.exp(0.5 * random.normal())) / 10) * 10;
    const noun = nouns[random.int(nouns.length)]!;
    return {
      sku: `p${i + 1}`,
      title: `${WORDS[random.int(WORDS.length)]} ${WORDS[random.int(WORDS.length)]} ${noun}`,
      category: path.split(' > '),
      brand: BRANDS[random.int(BRANDS.length)]!,
      price: own,
      cost: Math.round(own * (0.5 + 0.15 * random.next())),
      rating: Math.round(10 * (3.2 + 1.7 * random.next())) / 10,
      ...(random.next() < 0.15 ? { listPrice: Math.round(own * 1.25) } : {}),
    };
  });
}

export const SYNTHETIC_SHOP: Shop = {
  currency: 'EUR',
  locale: 'en-GB',
  attributes: {},
  slots: ['home', 'product', 'cart'],
};
