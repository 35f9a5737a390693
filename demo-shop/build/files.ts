/** What the shop's pages read beside their code: the catalogue as JSON, and the pictures. */

import { catalogue } from '../catalogue/catalogue.ts';
import type { Both } from '../catalogue/family.ts';
import { SHOP } from '../catalogue/makers.ts';
import { picture } from '../catalogue/pictures/picture.ts';
import { EMPTY, LANE, LOGO } from '../catalogue/pictures/scenes.ts';
import { promotions } from '../catalogue/promotions.ts';
import type { CatalogueFile, ShopPromotion } from '../shop/catalogue.ts';

/** Files by address. @param now epoch milliseconds */
export function shopFiles(now: number): Record<string, string> {
  const products = catalogue();
  const pictures = products.map((product) => [`/pictures/${product.sku}.svg`, picture(product)] as const);
  return {
    '/data/catalogue.json': JSON.stringify(catalogueFile(now)),
    '/pictures/logo.svg': LOGO,
    '/pictures/lane.svg': LANE,
    '/pictures/empty.svg': EMPTY,
    ...Object.fromEntries(pictures),
  };
}

/** The catalogue as shoppers may see it: no costs, and stock only as "few left". */
export function catalogueFile(now: number): CatalogueFile {
  return {
    currency: SHOP.currency,
    products: catalogue().map((product) => ({
      sku: product.sku,
      title: product.title,
      text: product.description,
      category: product.category.map((part) => part[0]),
      brand: product.brand,
      price: cents(product.price),
      ...(product.listPrice === undefined ? {} : { listPrice: cents(product.listPrice) }),
      rating: product.rating,
      ratingCount: product.ratingCount,
      stock: Math.min(product.stock, 10),
      line: product.line,
      colour: product.colourName,
      size: product.size,
      material: product.material,
    })),
    categories: Object.fromEntries(
      catalogue()
        .flatMap((product) => product.category)
        .map((part: Both) => part),
    ),
    promotions: promotions(now).map(shopPromotion),
  };
}

const cents = (euros: number): number => Math.round(euros * 100);

const MONEY = ['amount', 'minimum', 'price'];
const OWN = [
  'id',
  'creative',
  'scope',
  'exclusive_group',
  'schedule',
  'cost_per_use',
  'priority',
  'stackable',
];

/** A promotion as the pages apply it: money in cents, what it costs the shop left out. */
function shopPromotion(raw: Record<string, unknown>): ShopPromotion {
  const terms = Object.entries(raw)
    .filter(([key]) => !OWN.includes(key))
    .map(([key, value]) => [key, MONEY.includes(key) ? cents(value as number) : value]);
  return {
    id: raw.id,
    terms: Object.fromEntries(terms),
    creative: raw.creative,
    ...(raw.scope === undefined ? {} : { scope: raw.scope }),
    ...(raw.exclusive_group === undefined ? {} : { exclusiveGroup: raw.exclusive_group }),
  } as unknown as ShopPromotion;
}
