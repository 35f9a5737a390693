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
  guard_rails?: GuardRailLimits;
}

/** What no release may break, whatever it earns. A limit that is not declared is not enforced, but for the defaults. */
export interface GuardRailLimits {
  /** Largest share of decisions that give something of value away, 0 to 1. */
  discount_share?: number;
  /** Least share of decisions that show anything at all, 0 to 1. */
  reach?: number;
  /** Largest share of the margin before promotions that promotions may take; 0.5 where absent. */
  margin_given?: number;
  /** Attributes whose groups must be treated alike. */
  groups?: string[];
  /** Least ratio of the discount share of the least to that of the most favoured group; 0.8 where absent. */
  parity?: number;
}

const share = v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)));

const shopSchema = v.object({
  currency: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z]{3}$/, 'a three-letter ISO 4217 currency'))),
  locale: v.optional(v.string()),
  attributes: v.optional(v.record(v.string(), v.picklist(['number', 'category', 'boolean']))),
  slots: v.optional(v.array(v.string())),
  margin: share,
  guard_rails: v.optional(
    v.object({
      ...{ discount_share: share, reach: share, margin_given: share, parity: share },
      groups: v.optional(v.array(v.string())),
    }),
  ),
});

/** `shop.json`, with what it leaves out still undefined: the loader infers and reports it. */
export function readShop(raw: unknown): Partial<Shop> {
  return read(shopSchema, raw) as Partial<Shop>;
}

/** What stands where neither the file nor the data say otherwise. */
export const SHOP_DEFAULTS: Shop = { currency: 'USD', locale: 'en', attributes: {}, slots: [] };
