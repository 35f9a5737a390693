/** Icecat's catalogue and judged queries (shared data). */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { realData } from '../../helpers/real-data.ts';

export interface IcecatLine {
  sku: string;
  title: string;
  description?: string;
  brand?: string;
  /** Major units. */
  price?: number;
  attributes: Record<string, string | number | boolean>;
}

export function icecat(): IcecatLine[] {
  const text = gunzipSync(readFileSync(realData('icecat/products.jsonl.gz'))).toString('utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const { id, title, name, short_description, supplier, price, ...rest } = JSON.parse(line) as Record<
        string,
        string
      > & { price?: number };
      const attributes = Object.entries(rest).flatMap(([key, value]) => {
        const told = /^attr_[a-z]_(.*)$/.exec(key)?.[1];
        return told === undefined ? [] : [[told, value] as const];
      });
      return {
        sku: id!,
        title: title ?? name ?? '',
        ...(short_description === undefined ? {} : { description: short_description }),
        ...(supplier === undefined ? {} : { brand: supplier }),
        ...(price === undefined ? {} : { price: price / 100 }),
        attributes: Object.fromEntries(attributes),
      };
    });
}

/** Query to product to grade. */
export function judgements(): Map<string, Map<string, number>> {
  const out = new Map<string, Map<string, number>>();
  const lines = readFileSync(realData('icecat/judgements.tsv'), 'utf8').trim().split('\n').slice(1);
  for (const line of lines) {
    const [query, sku, grade] = line.split('\t') as [string, string, string];
    out.set(query, (out.get(query) ?? new Map<string, number>()).set(sku, Number(grade)));
  }
  return out;
}
