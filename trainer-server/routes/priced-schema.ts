/** A priced cart as answers carry it. Money is in minor units. */

import * as v from 'valibot';

const minor = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const discounts = v.array(v.object({ promotion: v.string(), amount: minor }));

export const pricedSchema = v.object({
  currency: v.string(),
  taxed: v.picklist(['included', 'excluded', 'none']),
  lines: v.array(
    v.object({
      ...{ id: v.string(), quantity: v.number(), gross: minor },
      ...{ discounts, net: minor, tax: minor },
    }),
  ),
  shipping: v.object({ gross: minor, discounts, net: minor, tax: minor }),
  applied: v.array(
    v.object({
      promotion: v.string(),
      amount: minor,
      gifts: v.exactOptional(v.array(v.object({ sku: v.string(), quantity: v.number() }))),
      points: v.exactOptional(v.number()),
    }),
  ),
  refused: v.array(
    v.object({ promotion: v.string(), code: v.string(), detail: v.record(v.string(), v.unknown()) }),
  ),
  goods: minor,
  tax: minor,
  total: v.pipe(minor, v.description('What the shopper pays')),
});
