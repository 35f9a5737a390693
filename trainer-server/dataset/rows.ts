/** Rows that only some data folders have: text pairs, judgements of search results, prices as they were. */

import * as v from 'valibot';
import { BadInput, show } from '../../shared/errors.ts';
import { moneyOf } from '../../shared/money-text.ts';
import { type Product, readProduct } from '../../shared/product.ts';
import type { PriceEntry } from '../../shared/promotions/law/prior-price.ts';
import { read, timeSchema } from '../../shared/read.ts';

export interface TextPair {
  a: Product;
  b: Product;
  label: 0 | 1;
}

export interface Judgement {
  query: string;
  sku: string;
  /** 0 to 3. */
  grade: number;
}

/** A line of price_history.jsonl: from `ts` on, `sku` cost `price`. */
export function readPriceEntry(currency: string): (raw: unknown) => PriceEntry {
  return (raw) => {
    const { sku, ts, price } = read(priceSchema, raw);
    return { sku, ts, price: moneyOf(price, currency, 'price') };
  };
}

const priceSchema = v.object({
  sku: v.union([v.pipe(v.string(), v.nonEmpty()), v.pipe(v.number(), v.transform(String))]),
  ts: timeSchema,
  price: v.union([v.pipe(v.number(), v.minValue(0)), v.string()]),
});

export function readPair(raw: unknown, currency: string): TextPair {
  const { label } = read(v.object({ label: v.picklist([0, 1]) }), raw);
  return { ...readBoth(raw, currency), label };
}

/** Two products side by side, as a line of pairs.jsonl has them. */
export function readBoth(raw: unknown, currency: string): Pick<TextPair, 'a' | 'b'> {
  const { a, b } = read(v.object({ a: v.unknown(), b: v.unknown() }), raw);
  return { a: readProduct(withSku(a, 'a'), currency), b: readProduct(withSku(b, 'b'), currency) };
}

/** Products of a pair are known by their text; they need no sku. */
function withSku(raw: unknown, sku: string): unknown {
  if (typeof raw !== 'object' || raw === null) throw new BadInput({ field: sku }, 'a product', show(raw));
  return { sku, ...raw };
}

export function readJudgement(raw: unknown): Judgement {
  return read(
    v.object({
      query: v.string(),
      sku: v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
      grade: v.pipe(v.number(), v.minValue(0), v.maxValue(3)),
    }),
    raw,
  );
}
