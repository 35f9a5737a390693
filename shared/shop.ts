/** What a shop declares about itself. */

import * as v from 'valibot';
import { type LawRules, lawSchema } from './promotions/law/law-rules.ts';
import { isTimeZone } from './promotions/zoned-time.ts';
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
  /** IANA zone of schedules that name none; UTC where absent. */
  timeZone?: string;
  /** ISO 3166 code, with subdivision where its law differs ("US-NY"), or "EU". */
  region?: string;
  /** The shop's own reading of its region's law. Stays in the trainer. */
  law?: Partial<LawRules>;
  /** Attributes that neither a policy nor a promotion may use. Stays in the trainer. */
  sensitive?: string[];
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

const REGION = /^[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?$/;

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
  time_zone: v.optional(v.pipe(v.string(), v.check(isTimeZone, 'an IANA time zone'))),
  region: v.optional(
    v.pipe(
      v.string(),
      v.check((code) => REGION.test(code), 'an ISO 3166 code'),
    ),
  ),
  law: v.optional(lawSchema),
  sensitive: v.optional(v.array(v.pipe(v.string(), v.nonEmpty()))),
});

/** `shop.json`, with what it leaves out still undefined: the loader infers and reports it. */
export function readShop(raw: unknown): Partial<Shop> {
  const { time_zone, ...shop } = read(shopSchema, raw);
  return { ...shop, ...(time_zone === undefined ? {} : { timeZone: time_zone }) } as Partial<Shop>;
}

/** A shop as shop.json carries it. */
export function writeShop({ timeZone, ...shop }: Shop): Record<string, unknown> {
  return { ...shop, ...(timeZone === undefined ? {} : { time_zone: timeZone }) };
}

/** What stands where neither the file nor the data say otherwise. */
export const SHOP_DEFAULTS: Shop = { currency: 'USD', locale: 'en', attributes: {}, slots: [] };
