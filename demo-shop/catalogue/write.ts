/** Writes the shop as a data folder: `tsx demo-shop/catalogue/write.ts DIR [NOW]`. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CatalogueProduct, catalogue } from './catalogue.ts';
import { COLOURS } from './lexicon.ts';
import { SHOP } from './makers.ts';
import { promotions } from './promotions.ts';
import { relations } from './relations.ts';

const DAY_MS = 86_400_000;

/** What the shop declares about itself. */
export const SHOP_JSON = {
  currency: SHOP.currency,
  locale: SHOP.locale,
  region: 'IE',
  time_zone: 'Europe/Dublin',
  attributes: { device: 'category', language: 'category', returning: 'boolean' },
  slots: ['home', 'category', 'product', 'cart', 'search', 'exit'],
} as const;

/**
 * The folder's files by name, in the format of data folders (JSON lines, decimal euros). `products.jsonl` is English
 * with the Chinese title as an attribute, so that a search in either language finds it; `products.zh.jsonl` is the
 * same list in Chinese.
 * @param now epoch milliseconds, for the promotions that end
 */
export function dataFolder(now: number): Record<string, string> {
  const products = catalogue();
  return {
    'shop.json': `${JSON.stringify(SHOP_JSON, null, 2)}\n`,
    'products.jsonl': lines(products.map((product) => productLine(product, 0))),
    'products.zh.jsonl': lines(products.map((product) => productLine(product, 1))),
    'price_history.jsonl': lines(products.flatMap((product) => priceLines(product, now))),
    'relations.jsonl': lines(relations()),
    'promotions.json': `${JSON.stringify(promotions(now), null, 2)}\n`,
  };
}

function productLine(product: CatalogueProduct, language: 0 | 1): Record<string, unknown> {
  return {
    sku: product.sku,
    title: product.title[language],
    description: product.description[language],
    category: product.category.map((part) => part[language]).join(' > '),
    brand: product.brand,
    price: product.price,
    ...(product.listPrice === undefined ? {} : { list_price: product.listPrice }),
    cost: product.cost,
    rating: product.rating,
    rating_count: product.ratingCount,
    stock: product.stock,
    image: `pictures/${product.sku}.svg`,
    attributes: {
      colour: COLOURS[product.colour]!.name[language],
      size: product.size[language],
      ...(language === 0 ? { title_zh: product.title[1] } : { title_en: product.title[0] }),
    },
  };
}

/** What is reduced now cost its list price until six weeks ago; the rest has cost the same all the year. */
function priceLines({ sku, price, listPrice }: CatalogueProduct, now: number): Record<string, unknown>[] {
  const since = (days: number): string => new Date(now - days * DAY_MS).toISOString();
  if (listPrice === undefined) return [{ sku, ts: since(365), price }];
  return [
    { sku, ts: since(365), price: listPrice },
    { sku, ts: since(42), price },
  ];
}

const lines = (rows: readonly unknown[]): string => `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;

/** Writes every file of the folder, making it where it is missing. */
export async function writeDataFolder(dir: string, now: number): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const [name, text] of Object.entries(dataFolder(now))) await writeFile(join(dir, name), text);
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [dir, now] = process.argv.slice(2);
  if (dir === undefined) throw new Error('expected a folder: tsx demo-shop/catalogue/write.ts DIR [NOW]');
  await writeDataFolder(dir, now === undefined ? Date.now() : Date.parse(now));
}
