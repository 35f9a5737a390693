/**
 * Shopify, by the Admin GraphQL API's discountCodeBasicCreate.
 * Source: https://shopify.dev/docs/api/admin-graphql/2025-01/mutations/discountCodeBasicCreate
 */

import { type HostedCheckout, HostedError, hostedTerms, sendJson } from './hosted-checkout.ts';

export interface ShopifyOptions {
  /** `https://SHOP.myshopify.com`. */
  shop: string;
  /** Of an app with the scope write_discounts. */
  token: string;
  /** When the codes begin to work; epoch ms. */
  starts: number;
}

const VERSION = '2025-01';

const CREATE = `mutation create($discount: DiscountCodeBasicInput!) {
  discountCodeBasicCreate(basicCodeDiscount: $discount) {
    codeDiscountNode { id }
    userErrors { field code message }
  }
}`;

interface Created {
  errors?: unknown;
  data?: { discountCodeBasicCreate: { userErrors: { code: string | null; message: string }[] } };
}

/** A discount of its own for each code: the usage limit of one is then that code's, whatever other codes there are. */
export function shopify({ shop, token, starts }: ShopifyOptions): HostedCheckout {
  const url = `${shop}/admin/api/${VERSION}/graphql.json`;
  return {
    async publish(coupon) {
      const { amount, minimum, ends } = hostedTerms(coupon);
      let added = 0;
      for (const code of coupon.codes) {
        const discount = {
          title: coupon.promotion.id,
          code,
          startsAt: new Date(starts).toISOString(),
          endsAt: ends === undefined ? null : new Date(ends).toISOString(),
          usageLimit: 1,
          customerSelection: { all: true },
          customerGets: {
            value: { discountAmount: { amount, appliesOnEachItem: false } },
            items: { all: true },
          },
          ...(minimum === undefined
            ? {}
            : { minimumRequirement: { subtotal: { greaterThanOrEqualToSubtotal: minimum } } }),
        };
        const body = { query: CREATE, variables: { discount } };
        const answer = (await sendJson(url, { 'X-Shopify-Access-Token': token }, body)) as Created;
        if (wasAdded(answer, code)) added++;
      }
      return added;
    },
  };
}

function wasAdded({ errors, data }: Created, code: string): boolean {
  if (data === undefined) throw new HostedError(`Shopify refused ${code}: ${JSON.stringify(errors)}`);
  const [problem] = data.discountCodeBasicCreate.userErrors;
  if (problem === undefined) return true;
  if (problem.code === 'TAKEN') return false;
  throw new HostedError(`Shopify refused ${code}: ${problem.message}`);
}
