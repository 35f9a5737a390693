/** Products of a catalogue. */

import * as v from 'valibot';
import type { Minor } from './money.ts';
import { moneyOf } from './money-text.ts';
import { flatAttributes } from './product-attributes.ts';
import { type Attributes, attributesSchema, read, withAttributes } from './read.ts';

export interface Product {
  sku: string;
  title: string;
  description?: string;
  /** From the root down: "Kitchen > Mugs" is ['Kitchen', 'Mugs']. Empty where unknown. */
  category: readonly string[];
  brand?: string;
  price?: Minor;
  listPrice?: Minor;
  /** What the shop pays. Never leaves the trainer. */
  cost?: Minor;
  /** Mean of the shoppers' ratings, 0 to 5. */
  rating?: number;
  ratingCount?: number;
  stock?: number;
  image?: string;
  attributes?: Attributes;
}

/** A number, also as text: "4.5". */
const numeral = v.pipe(
  v.union([v.number(), v.string()]),
  v.check((told) => typeof told === 'number' || /^\s*-?\d+(\.\d+)?\s*$/.test(told), 'a number'),
  v.transform(Number),
);

const money = v.optional(v.union([v.pipe(v.number(), v.minValue(0)), v.string()]));

const productSchema = v.object({
  sku: v.union([v.pipe(v.string(), v.nonEmpty()), v.pipe(v.number(), v.transform(String))]),
  title: v.optional(v.string(), ''),
  description: v.optional(v.string()),
  category: v.optional(v.union([v.string(), v.array(v.string())])),
  brand: v.optional(v.string()),
  price: money,
  listPrice: money,
  cost: money,
  rating: v.optional(v.pipe(numeral, v.minValue(0), v.maxValue(5))),
  ratingCount: v.optional(v.pipe(numeral, v.minValue(0))),
  stock: v.optional(numeral),
  image: v.optional(v.string()),
  attributes: v.optional(attributesSchema),
});

const KNOWN = new Set(Object.keys(productSchema.entries));
const ALIAS = { list_price: 'listPrice', rating_count: 'ratingCount' };

/** Fields that are numbers: an empty text says that there is none. */
const NUMBERS = [
  'price',
  'list_price',
  'listPrice',
  'cost',
  'rating',
  'rating_count',
  'ratingCount',
  'stock',
];

/** One product as files carry it: prices as numbers or as text, attributes flat or nested. @throws BadInput naming the field */
export function readProduct(raw: unknown, currency: string): Product {
  const { category, price, listPrice, cost, ...rest } = read(
    productSchema,
    withAttributes(flattened(raw), KNOWN, ALIAS),
  );
  const product = { ...rest, category: categoryPath(category) } as Product;
  if (price !== undefined) product.price = moneyOf(price, currency, 'price');
  if (listPrice !== undefined) product.listPrice = moneyOf(listPrice, currency, 'list_price');
  if (cost !== undefined) product.cost = moneyOf(cost, currency, 'cost');
  return product;
}

/** A line whose attributes, and other fields that are lists or objects, are one flat record. */
function flattened(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  const { attributes, ...fields } = raw as Record<string, unknown>;
  const [line, nested]: Record<string, unknown>[] = [{}, {}];
  for (const [name, value] of Object.entries(fields)) {
    const unknown = typeof value === 'object' && value !== null && !KNOWN.has(name) && !(name in ALIAS);
    if (unknown) nested![name] = value;
    else if (!(NUMBERS.includes(name) && typeof value === 'string' && value.trim() === ''))
      line![name] = value;
  }
  if (attributes == null && Object.keys(nested!).length === 0) return line;
  return {
    ...line,
    attributes: { ...flatAttributes(nested, ''), ...flatAttributes(attributes ?? {}, 'attributes') },
  };
}

/** "A > B > C" to its segments, trimmed, empty ones dropped. */
export function categoryPath(category: string | readonly string[] | undefined): string[] {
  const parts = typeof category === 'string' ? category.split('>') : (category ?? []);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
