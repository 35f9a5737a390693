/**
 * WooCommerce, by the batch of its REST API's coupons.
 * Source: https://woocommerce.github.io/woocommerce-rest-api-docs/#batch-update-coupons
 */

import { type HostedCheckout, HostedError, hostedTerms, sendJson } from './hosted-checkout.ts';

export interface WooCommerceOptions {
  /** `https://shop.example`; where WordPress answers. */
  shop: string;
  /** Consumer key and secret with write access. */
  key: string;
  secret: string;
}

/** The most that one batch may hold. */
const BATCH = 100;

interface Batch {
  create: { error?: { code: string; message: string } }[];
}

export function wooCommerce({ shop, key, secret }: WooCommerceOptions): HostedCheckout {
  const url = `${shop}/wp-json/wc/v3/coupons/batch`;
  const headers = { Authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}` };
  return {
    async publish(coupon) {
      const { amount, minimum, ends } = hostedTerms(coupon);
      const terms = {
        discount_type: 'fixed_cart',
        amount,
        usage_limit: 1,
        individual_use: true,
        ...(minimum === undefined ? {} : { minimum_amount: minimum }),
        ...(ends === undefined ? {} : { date_expires_gmt: new Date(ends).toISOString().slice(0, 19) }),
      };
      let added = 0;
      for (let i = 0; i < coupon.codes.length; i += BATCH) {
        const codes = coupon.codes.slice(i, i + BATCH);
        const create = codes.map((code) => ({ code, description: coupon.promotion.id, ...terms }));
        const answer = (await sendJson(url, headers, { create })) as unknown as Batch;
        added += answer.create.filter((one, j) => wasAdded(one, codes[j]!)).length;
      }
      return added;
    },
  };
}

function wasAdded({ error }: Batch['create'][number], code: string): boolean {
  if (error === undefined) return true;
  if (error.code === 'woocommerce_rest_coupon_code_already_exists') return false;
  throw new HostedError(`WooCommerce refused ${code}: ${error.message}`);
}
