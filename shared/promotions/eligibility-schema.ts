/**
 * The shape of eligibility as a schema, for editors and the API: `toJsonSchema(eligibilitySchema)` is
 * eligibility.schema.json. `readEligibility` reads the same, bounds depth and number, and names what is wrong.
 */

import * as v from 'valibot';
import { ELIGIBILITY_VERSION } from './eligibility.ts';
import { ELIGIBILITY_LIMITS } from './read-eligibility.ts';
import { WEEKDAYS } from './zoned-time.ts';

const { text, values, nodes } = ELIGIBILITY_LIMITS;

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(text));
const scalar = v.union([v.pipe(v.string(), v.maxLength(text)), v.number(), v.boolean()]);
const number = v.optional(v.number());
const numbers = { is: number, below: number, at_most: number, above: number, at_least: number };
const clock = v.optional(v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/)));

const nested: v.GenericSchema = v.lazy(() => expression);
const parts = v.pipe(v.array(nested), v.minLength(1), v.maxLength(nodes));

const VARIANTS = [
  { all: parts },
  { any: parts },
  { not: nested },
  {
    attribute: name,
    ...numbers,
    is: v.optional(scalar),
    not: v.optional(scalar),
    in: v.optional(v.pipe(v.array(scalar), v.minLength(1), v.maxLength(values))),
  },
  { cart: v.picklist(['total', 'units', 'lines']), ...numbers },
  { product: name, ...numbers },
  { category: name, ...numbers },
  { brand: name, ...numbers },
  {
    time: v.strictObject({
      days: v.optional(v.pipe(v.array(v.picklist(WEEKDAYS)), v.minLength(1))),
      from: clock,
      to: clock,
      zone: v.optional(v.string()),
    }),
  },
  { segment: name },
  { locale: name },
] as const;

const expression: v.GenericSchema = v.union(
  VARIANTS.map((entries) => v.strictObject(entries as v.ObjectEntries)),
);

export const eligibilitySchema: v.GenericSchema = v.union(
  VARIANTS.map((entries) =>
    v.strictObject({ version: v.literal(ELIGIBILITY_VERSION), ...(entries as v.ObjectEntries) }),
  ),
);
