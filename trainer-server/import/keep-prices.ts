/**
 * The price history, kept: where a shop has begun one, each import adds the prices that changed. Nothing in it is ever
 * written over: announced reductions are measured against the lowest price of the days before them (Directive 98/6/EC,
 * Article 6a), and what a price was yesterday cannot be found out later.
 */

import { createWriteStream } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { toMajor } from '../../shared/money.ts';
import { readProduct } from '../../shared/product.ts';
import type { PriceEntry } from '../../shared/promotions/law/prior-price.ts';
import { jsonLines, openMaybeGzip } from '../dataset/lines.ts';
import { readPriceEntry } from '../dataset/rows.ts';
import { fileIn } from './existing-folder.ts';

export const PRICE_HISTORY = 'price_history.jsonl';

/**
 * @param dir the data folder as it is
 * @param out holds the new products.jsonl, and gets the new history
 * @param now epoch ms: from then on the new prices
 * @returns rows of the new history; undefined where there is none to keep
 */
export async function keepPrices(
  dir: string,
  out: string,
  currency: string,
  now: number,
): Promise<number | undefined> {
  const [kept, products] = [await fileIn(dir, PRICE_HISTORY), await fileIn(out, 'products.jsonl')];
  if (kept === undefined || products === undefined) return undefined;
  const path = join(out, PRICE_HISTORY);
  await copyUnpacked(kept, path);
  const history = await rowsOf(path, readPriceEntry(currency));
  const last = new Map<string, PriceEntry>();
  for (const entry of history)
    if (entry.ts >= (last.get(entry.sku)?.ts ?? -Infinity)) last.set(entry.sku, entry);
  const ts = new Date(now).toISOString();
  const lines = (await rowsOf(products, (raw) => readProduct(raw, currency))).flatMap(({ sku, price }) =>
    price === undefined || price === last.get(sku)?.price
      ? []
      : `${JSON.stringify({ sku, ts, price: toMajor(price, currency) })}\n`,
  );
  // The first break ends a line that somebody left open.
  if (lines.length > 0)
    await pipeline([history.length > 0 ? '\n' : '', ...lines], createWriteStream(path, { flags: 'a' }));
  return history.length + lines.length;
}

async function copyUnpacked(from: string, to: string): Promise<void> {
  if (from.endsWith('.gz')) await pipeline(await openMaybeGzip(from), createWriteStream(to));
  else await copyFile(from, to);
}

/** What cannot be read stays in the file, and tells nothing. */
async function rowsOf<T>(path: string, parse: (raw: unknown) => T): Promise<T[]> {
  const rows: T[] = [];
  for await (const row of jsonLines(await openMaybeGzip(path), parse, () => undefined)) rows.push(row);
  return rows;
}
