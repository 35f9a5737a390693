/** Products of a catalogue. */

import * as v from 'valibot';
import { type Minor, toMinor } from './money.ts';
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

const scalar = v.union([v.string(), v.number(), v.boolean()]);

/** Lists of tags or sizes are kept as their text, what has no value is left out. */
const listsAsText = v.pipe(
  v.record(
    v.string(),
    v.nullable(
      v.union([
        scalar,
        v.pipe(
          v.array(scalar),
          v.transform((all) => all.join(', ')),
        ),
      ]),
    ),
  ),
  v.transform((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))),
  attributesSchema,
);

const money = v.optional(v.pipe(v.number(), v.minValue(0)));

const productSchema = v.object({
  sku: v.union([v.pipe(v.string(), v.nonEmpty()), v.pipe(v.number(), v.transform(String))]),
  title: v.optional(v.string(), ''),
  description: v.optional(v.string()),
  category: v.optional(v.union([v.string(), v.array(v.string())])),
  brand: v.optional(v.string()),
  price: money,
  listPrice: money,
  cost: money,
  rating: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(5))),
  ratingCount: v.optional(v.pipe(v.number(), v.minValue(0))),
  stock: v.optional(v.number()),
  image: v.optional(v.string()),
  attributes: v.optional(listsAsText),
});

const KNOWN = new Set(Object.keys(productSchema.entries));
const ALIAS = { list_price: 'listPrice', rating_count: 'ratingCount' };

/** One product as files carry it. @throws BadInput naming the field */
export function readProduct(raw: unknown, currency: string): Product {
  const { category, price, listPrice, cost, ...rest } = read(
    productSchema,
    withAttributes(raw, KNOWN, ALIAS),
  );
  const product = { ...rest, category: categoryPath(category) } as Product;
  if (price !== undefined) product.price = toMinor(price, currency, 'price');
  if (listPrice !== undefined) product.listPrice = toMinor(listPrice, currency, 'list_price');
  if (cost !== undefined) product.cost = toMinor(cost, currency, 'cost');
  return product;
}

/** "A > B > C" to its segments, trimmed, empty ones dropped. */
export function categoryPath(category: string | readonly string[] | undefined): string[] {
  const parts = typeof category === 'string' ? category.split('>') : (category ?? []);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
