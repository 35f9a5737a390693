/**
 * What a large shop's release weighs on a device. A shop of 20,000 products as real as the shared data allows: Icecat's catalogue, with offers of PriceRunner beyond
 * its 19,406, visited as Diginetica's sessions visit their 20,000 commonest products. Every fourth session buys what
 * it saw, so that complements are counted too. Who visits what is real; which product stands for which is drawn.
 */

import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gunzipSync } from 'node:zlib';
import { seeded, shuffle } from '../../../shared/random.ts';
import { promoEdgeJson } from '../../helpers/cli.ts';
import { realData } from '../../helpers/real-data.ts';
import type { Figures } from '../bench.ts';
import { icecat } from '../search/icecat.ts';
import type { LoggedEvent } from './logs.ts';

const LARGE = 20_000;
const BUYS_EVERY = 4;

/** What a device keeps of a catalogue: everything with a row or a posting for each product. */
const TABLES = {
  catalogue: 'catalogue.json',
  products: 'products.safetensors',
  neighbours: 'neighbours.safetensors',
  search: 'search.safetensors',
} as const;
/** Bytes that a catalogue of this size may weigh, Brotli at its best. */
const LIMIT = 3e6;
/** Long enough for a vector of every text. Vectors that learned longer weigh little more: .970 MB after 1,800 seconds, .965 after 300. */
const TRAINING_SECONDS = 300;

/** @param dir an empty folder */
export async function largeShopFigures(dir: string, say: (line: string) => void): Promise<Figures> {
  const [data, bundle] = [join(dir, 'data'), join(dir, 'bundle')];
  const { products, events } = largeShop(LARGE);
  await mkdir(data);
  const lines = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
  await writeFile(join(data, 'products.jsonl'), lines(products));
  await writeFile(join(data, 'events.jsonl'), lines(events));
  const parts = 'text,items,session,recommend,search';
  const budget = ['--budget-seconds', String(TRAINING_SECONDS)];
  await promoEdgeJson(['train', '--data', data, '--out', bundle, '--only', parts, ...budget]);
  const figures: Record<string, number> = { large_products: products.length };
  for (const [name, file] of Object.entries(TABLES)) {
    const { length } = await promisify(brotliCompress)(await readFile(join(bundle, file)));
    figures[`large_${name}_br_bytes`] = length;
    figures.large_tables_br_bytes = (figures.large_tables_br_bytes ?? 0) + length;
  }
  say(`${products.length} products with text: ${figures.large_tables_br_bytes} bytes of ${LIMIT}`);
  return { ...figures, large_tables_share_of_limit: figures.large_tables_br_bytes! / LIMIT };
}

interface LargeShop {
  /** Lines of products.jsonl. */
  products: { sku: string; title: string }[];
  /** Lines of events.jsonl. */
  events: LoggedEvent[];
}

/** @param size at most 43,097, the products that the sessions know */
export function largeShop(size: number): LargeShop {
  const texts = [...icecat(), ...offers()].slice(0, size);
  const products = shuffle(texts, seeded('which product is which'));
  const sessions = unpacked('sessions/diginetica.train.txt.gz').map((line) => line.split(' '));
  const visits = new Map<string, number>();
  for (const id of sessions.flat()) visits.set(id, (visits.get(id) ?? 0) + 1);
  const commonest = [...visits].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, products.length);
  const skus = new Map(commonest.map(([id], rank) => [id, products[rank]!.sku]));
  const events = sessions.flatMap((ids, s): LoggedEvent[] => {
    const seen = ids.flatMap((id) => skus.get(id) ?? []);
    const [visitor, session] = [`s${s}`, `s${s}`];
    const views = seen.map((sku): LoggedEvent => ({ visitor, session, name: 'view_item', sku }));
    if (s % BUYS_EVERY > 0 || seen.length < 2) return views;
    return [
      ...views,
      { visitor, session, name: 'purchase', items: [...new Set(seen)].map((sku) => ({ sku })) },
    ];
  });
  return { products, events };
}

/** PriceRunner's offers as products. */
const offers = (): { sku: string; title: string; category: string }[] =>
  unpacked('pricerunner/train.tsv.gz')
    .slice(1)
    .map((line) => line.split('\t'))
    .map(([id, title, , , , category]) => ({ sku: `o${id}`, title: title!, category: category! }));

const unpacked = (path: string): string[] =>
  gunzipSync(readFileSync(realData(path)))
    .toString('utf8')
    .trim()
    .split('\n');
