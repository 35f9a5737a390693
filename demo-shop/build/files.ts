/** What the shop's pages read beside their code: the catalogue as JSON, and the pictures. */

import { type Promotion, readPromotions } from '../../trainer-server/client/till.ts';
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
    promotions: readPromotions(promotions(now), SHOP.currency).map(shopPromotion),
  };
}

const cents = (euros: number): number => Math.round(euros * 100);

function shopPromotion({ costPerUse: _, ...promotion }: Promotion): ShopPromotion {
  return promotion as ShopPromotion;
}
