/** What coupon routes read and answer. Money is in minor units. */

import * as v from 'valibot';
import { isTimeZone } from '../../shared/promotions/zoned-time.ts';
import { attributesSchema } from '../../shared/read.ts';
import type { Operation } from './operation.ts';
import { pricedSchema } from './priced-schema.ts';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const token = v.pipe(v.string(), v.minLength(1), v.maxLength(8_192));
const minor = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const quantity = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1e6));

export const grantSchema = v.strictObject({ grant: v.exactOptional(token), subject: v.exactOptional(token) });

export const claimSchema = v.strictObject({ grant: token, promotion: text, subject: v.exactOptional(token) });

const cartSchema = v.strictObject({
  lines: v.pipe(
    v.array(
      v.strictObject({
        id: text,
        sku: text,
        quantity,
        unitPrice: minor,
        category: v.exactOptional(v.pipe(v.array(text), v.maxLength(20))),
        brand: v.exactOptional(text),
        taxClass: v.exactOptional(text),
      }),
    ),
    v.minLength(1),
    v.maxLength(1_000),
  ),
  shipping: minor,
  currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
  tax: v.exactOptional(v.picklist(['included', 'excluded', 'none'])),
  taxRates: v.exactOptional(v.record(text, v.pipe(v.number(), v.minValue(0), v.maxValue(1_000)))),
  shippingTaxClass: v.exactOptional(text),
  taxRounding: v.exactOptional(v.picklist(['line', 'rate'])),
});

const asked = {
  codes: v.pipe(v.array(text), v.minLength(1), v.maxLength(10)),
  cart: cartSchema,
  customer: v.exactOptional(text),
  facts: v.exactOptional(
    v.strictObject({
      timeZone: v.exactOptional(v.pipe(text, v.check(isTimeZone, 'an IANA time zone'))),
      attributes: v.exactOptional(attributesSchema),
      segments: v.exactOptional(v.pipe(v.array(text), v.maxLength(100))),
      locale: v.exactOptional(text),
    }),
  ),
};

export const quoteSchema = v.strictObject(asked);

export const redemptionSchema = v.strictObject({ order: text, ...asked });

export const reversalSchema = v.strictObject({
  returned: v.exactOptional(
    v.pipe(v.array(v.strictObject({ id: text, quantity })), v.minLength(1), v.maxLength(1_000)),
  ),
});

export const dismissalSchema = v.strictObject({ customer: text, promotion: text });

const code = v.string();
const at = v.pipe(v.number(), v.description('epoch ms'));

export const GRANT: Operation = {
  summary: 'What a visit may claim, signed; an earlier grant makes the visit go on',
  body: grantSchema,
  answer: v.object({
    grant: token,
    sid: v.string(),
    menu: v.array(v.string()),
    withheld: v.array(v.string()),
    seed: v.string(),
    arm: v.string(),
    propensity: v.number(),
    budgetPrice: v.exactOptional(v.number()),
    expires: at,
  }),
};

export const CLAIM: Operation = {
  summary: 'Claims a promotion of the menu; asked again, the same code again',
  body: claimSchema,
  answer: v.object({ code, promotion: v.string(), expires: at }),
};

export const QUOTE: Operation = {
  summary: 'What a redemption would say now, for a basket that is looked at: writes nothing',
  body: quoteSchema,
  answer: v.object({
    codes: v.array(v.object({ code, promotion: v.string(), amount: minor })),
    priced: pricedSchema,
  }),
};

const headers = {
  'Idempotency-Key': v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(200),
    v.description('One for each act, sent again with each retry; with another body it is refused'),
  ),
};

export const REDEEM: Operation = {
  summary: 'Turns codes into a price, once',
  headers,
  body: redemptionSchema,
  answer: v.object({
    order: v.string(),
    redemptions: v.array(v.object({ id: v.string(), code, promotion: v.string(), amount: minor })),
    priced: pricedSchema,
  }),
};

export const REVERSE: Operation = {
  summary: 'Gives back what came back of an order',
  headers,
  body: reversalSchema,
  answer: v.object({ redemption: v.string(), amount: minor, reversed: minor }),
};

export const EXPIRE: Operation = {
  summary: 'Gives back what expired claims reserved',
  answer: v.object({ expired: v.number() }),
};

export const DISMISS: Operation = {
  summary: 'Not interested: keeps a promotion off the menu of a customer',
  body: dismissalSchema,
  answer: v.object({}),
};

export const SUBJECT_KEY: Operation = {
  summary: 'The key with which the shop vouches for who is logged in; hex',
  answer: v.object({ key: v.string() }),
};
