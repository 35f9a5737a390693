/** Promotions as typed actions. */

import * as v from 'valibot';
import { BadInput } from './errors.ts';
import { type Minor, toMinor } from './money.ts';
import { asksForTotal, type Eligibility } from './promotions/eligibility.ts';
import { readRules } from './promotions/read-rules.ts';
import type { Schedule } from './promotions/schedule.ts';
import { read, timeSchema } from './read.ts';

export type { Schedule } from './promotions/schedule.ts';

/** Every type, in the order of the action features: append only. */
export const PROMOTION_TYPES = [
  'none',
  'coupon',
  'percentage',
  'fixed_amount',
  'free_shipping',
  'buy_x_get_y',
  'bundle',
  'gift',
  'flash_sale',
  'loyalty_points',
  'message',
] as const;

export type PromotionType = (typeof PROMOTION_TYPES)[number];

/** What is promised. `percent` is 0 to 100; money is in minor units. */
export type Terms =
  | { type: 'none' }
  | { type: 'message' }
  | { type: 'percentage'; percent: number }
  | { type: 'fixed_amount'; amount: Minor; minimum?: Minor }
  | { type: 'free_shipping'; minimum?: Minor }
  | { type: 'gift'; sku?: string }
  | { type: 'loyalty_points'; points: number }
  | { type: 'coupon'; percent?: number; amount?: Minor; minimum?: Minor }
  | { type: 'buy_x_get_y'; buy: number; get: number; percent: number }
  | { type: 'bundle'; skus: string[]; percent?: number; price?: Minor }
  | { type: 'flash_sale'; percent: number; ends?: number };

/** Which products it is about; all where absent. A category matches any segment, whatever the case. */
export interface Scope {
  category?: string;
  skus?: string[];
  brand?: string;
}

/** How often a promotion may be used. */
export interface Caps {
  /** Orders of one shopper. */
  perShopper?: number;
  /** Orders of everyone. */
  total?: number;
  /** Repetitions of a bundle or a "buy x get y" in one order. */
  perOrder?: number;
}

/** What all uses together may cost: discounts, and `costPerUse` of what takes nothing off the price. */
export interface Budget {
  amount: Minor;
}

/** How often a device may show a promotion to its shopper. */
export interface Frequency {
  exposures: number;
  days: number;
}

export interface Promotion {
  id: string;
  terms: Terms;
  scope?: Scope;
  schedule?: Schedule;
  /** The higher is applied first; 0 where absent. */
  priority?: number;
  /** At most one promotion of a group is applied to an order. */
  exclusiveGroup?: string;
  /** False: applied alone or not at all. True where absent. */
  stackable?: boolean;
  /** Most that one use takes off an order. */
  maximumDiscount?: Minor;
  /** What one use takes from the budget. Never leaves the trainer but on a secret scale. */
  costPerUse?: Minor;
  /** Of what it says in money: the promotion applies to carts in it alone. Absent where it says nothing in money. */
  currency?: string;
  eligibility?: Eligibility;
  caps?: Caps;
  budget?: Budget;
  frequency?: Frequency;
  /** Slots that it may stand in, as an advertisement is booked for placements; all where absent. */
  placements?: string[];
  /** What is shown: title and text by locale, picture. */
  creative?: Record<string, unknown>;
  /** Fields of the shop's own, as written. */
  attributes?: Record<string, unknown>;
  /** Rules as written that this version cannot read. Devices may show the promotion; the till refuses it. */
  unread?: Record<string, unknown>;
}

export const NONE_ID = 'none';
export const NONE: Promotion = { id: NONE_ID, terms: { type: 'none' } };

const percent = v.pipe(v.number(), v.minValue(0), v.maxValue(100));
const money = v.pipe(v.number(), v.minValue(0));
const minimum = v.optional(money);

const termsSchema = v.variant('type', [
  v.object({ type: v.literal('none') }),
  v.object({ type: v.literal('message') }),
  v.object({ type: v.literal('percentage'), percent }),
  v.object({ type: v.literal('fixed_amount'), amount: money, minimum }),
  v.object({ type: v.literal('free_shipping'), minimum }),
  v.object({ type: v.literal('gift'), sku: v.optional(v.string()), cost_per_use: money }),
  v.object({ type: v.literal('loyalty_points'), points: v.pipe(v.number(), v.minValue(0)) }),
  v.object({ type: v.literal('coupon'), percent: v.optional(percent), amount: v.optional(money), minimum }),
  v.object({
    type: v.literal('buy_x_get_y'),
    buy: v.pipe(v.number(), v.integer(), v.minValue(1)),
    get: v.pipe(v.number(), v.integer(), v.minValue(1)),
    percent: v.optional(percent, 100),
  }),
  v.object({
    type: v.literal('bundle'),
    skus: v.pipe(v.array(v.string()), v.minLength(2)),
    percent: v.optional(percent),
    price: v.optional(money),
  }),
  v.object({ type: v.literal('flash_sale'), percent, ends: v.optional(timeSchema) }),
]);

const promotionSchema = v.object({
  id: v.pipe(v.string(), v.nonEmpty()),
  scope: v.optional(
    v.object({
      category: v.optional(v.string()),
      skus: v.optional(v.array(v.string())),
      brand: v.optional(v.string()),
    }),
  ),
  priority: v.optional(v.pipe(v.number(), v.finite())),
  exclusive_group: v.optional(v.string()),
  stackable: v.optional(v.boolean()),
  maximum_discount: minimum,
  cost_per_use: minimum,
  currency: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z]{3}$/, 'a three-letter ISO 4217 currency'))),
  creative: v.optional(v.record(v.string(), v.unknown())),
});

/** Fields that `readRules` reads: a rule that cannot be read must not vanish. */
const RULES = ['schedule', 'eligibility', 'caps', 'budget', 'frequency', 'placements'];

/** One promotion as `promotions.json` carries it. @throws BadInput naming the field */
export function readPromotion(raw: unknown, shopCurrency: string): Promotion {
  const terms = read(termsSchema, raw) as Record<string, unknown> & { type: PromotionType };
  const { exclusive_group, cost_per_use, maximum_discount, ...rest } = read(promotionSchema, raw);
  checkTerms(terms, rest.id);
  const currency = (rest.currency ?? shopCurrency).toUpperCase();
  const rules = readRules(raw as Record<string, unknown>, currency);
  const attributes = strangers(raw as Record<string, unknown>, terms);
  return {
    ...rest,
    // 10 euros are not 10 yen: a sum holds in its own currency alone, a percentage in all.
    ...(rest.currency === undefined && !saysMoney(raw as Record<string, unknown>, rules) ? {} : { currency }),
    terms: moneyTerms(terms, currency),
    ...(exclusive_group === undefined ? {} : { exclusiveGroup: exclusive_group }),
    ...(maximum_discount === undefined
      ? {}
      : { maximumDiscount: toMinor(maximum_discount, currency, 'maximum_discount') }),
    ...(cost_per_use === undefined ? {} : { costPerUse: toMinor(cost_per_use, currency, 'cost_per_use') }),
    ...rules,
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
  } as Promotion;
}

const MONEY = ['amount', 'minimum', 'price', 'maximum_discount', 'budget'] as const;

/** In its terms, its bounds or its eligibility. */
function saysMoney(raw: Readonly<Record<string, unknown>>, { eligibility }: Partial<Promotion>): boolean {
  const isThere = (field: string): boolean => raw[field] !== undefined && raw[field] !== null;
  return MONEY.some(isThere) || (eligibility !== undefined && asksForTotal(eligibility));
}

function checkTerms(terms: Record<string, unknown> & { type: PromotionType }, id: string): void {
  if (terms.type === 'coupon' && (terms.percent === undefined) === (terms.amount === undefined)) {
    throw new BadInput({ field: 'percent' }, 'a coupon with either percent or amount', 'both or neither');
  }
  if (terms.type === 'bundle' && (terms.percent === undefined) === (terms.price === undefined)) {
    throw new BadInput({ field: 'percent' }, 'a bundle with either percent or price', 'both or neither');
  }
  if (id === NONE_ID && terms.type !== 'none') {
    throw new BadInput({ field: 'id' }, "another id: 'none' means no promotion", 'none');
  }
}

/** Fields that no schema knows: the shop's own. */
function strangers(raw: Record<string, unknown>, terms: Record<string, unknown>): Record<string, unknown> {
  const known = new Set([
    ...Object.keys(promotionSchema.entries),
    ...RULES,
    ...Object.keys(terms),
    'attributes',
  ]);
  const own = Object.entries(raw).filter(
    ([key, value]) => !known.has(key) && value !== undefined && value !== null,
  );
  const held = raw.attributes;
  return { ...Object.fromEntries(own), ...(typeof held === 'object' && held !== null ? held : {}) };
}

/** The list of `promotions.json`, ids unique. @throws BadInput naming the entry and field */
export function readPromotions(raw: unknown, currency: string): Promotion[] {
  if (!Array.isArray(raw)) throw new BadInput({}, 'an array of promotions', typeof raw);
  const seen = new Set<string>();
  return raw.map((entry, index) => {
    try {
      const promotion = readPromotion(entry, currency);
      if (seen.has(promotion.id)) throw new BadInput({ field: 'id' }, 'each id once', promotion.id);
      seen.add(promotion.id);
      return promotion;
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      throw new BadInput(
        { field: `[${index}].${error.place.field ?? ''}` },
        error.expected,
        error.found,
        error.fix,
      );
    }
  });
}

function moneyTerms(terms: Record<string, unknown>, currency: string): Terms {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(terms)) {
    if (value === undefined || key === 'cost_per_use') continue;
    const isMoney = key === 'amount' || key === 'minimum' || key === 'price';
    out[key] = isMoney ? toMinor(value as number, currency, key) : value;
  }
  return out as Terms;
}
