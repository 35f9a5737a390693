/** What a shop declares about itself. */

import * as v from 'valibot';
import { read } from './read.ts';

export type AttributeKind = 'number' | 'category' | 'boolean';

export interface Shop {
  /** ISO 4217. */
  currency: string;
  /** BCP 47. */
  locale: string;
  attributes: Record<string, AttributeKind>;
  slots: string[];
  /** Share of a price that is margin where a product has no cost; 0 to 1. */
  margin?: number;
}

const shopSchema = v.object({
  currency: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z]{3}$/, 'a three-letter ISO 4217 currency'))),
  locale: v.optional(v.string()),
  attributes: v.optional(v.record(v.string(), v.picklist(['number', 'category', 'boolean']))),
  slots: v.optional(v.array(v.string())),
  margin: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
});

/** `shop.json`, with what it leaves out still undefined: the loader infers and reports it. */
export function readShop(raw: unknown): Partial<Shop> {
  return read(shopSchema, raw) as Partial<Shop>;
}

/** What stands where neither the file nor the data say otherwise. */
export const SHOP_DEFAULTS: Shop = { currency: 'USD', locale: 'en', attributes: {}, slots: [] };
