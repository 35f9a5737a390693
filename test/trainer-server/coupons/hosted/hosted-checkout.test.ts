import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Promotion, readPromotion } from '../../../../shared/promotion.ts';
import type { HostedCheckout } from '../../../../trainer-server/coupons/hosted/hosted-checkout.ts';
import { shopify } from '../../../../trainer-server/coupons/hosted/shopify.ts';
import { wooCommerce } from '../../../../trainer-server/coupons/hosted/woocommerce.ts';

const STARTS = Date.UTC(2026, 0, 1);
const ENDS = Date.UTC(2026, 5, 30, 22);

/** What the other system keeps of a code, in words of ours. */
interface Kept {
  amount: string;
  minimum: string | undefined;
  ends: string | undefined;
  limit: number;
}

interface System {
  adapter: HostedCheckout;
  stranger: HostedCheckout;
  kept: Map<string, Kept>;
}

// biome-ignore lint/suspicious/noExplicitAny: bodies as the other systems document them
type Body = any;

let server: Server | undefined;
afterEach(() => void server?.close());

/** A real HTTP server that checks who asks, and answers as the system's own documentation shows. */
async function listen(
  path: string,
  allows: (headers: NodeJS.Dict<string | string[]>) => boolean,
  answer: (body: Body) => Body,
): Promise<string> {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (part) => {
      text += part;
    });
    request.on('end', () => {
      const status = request.url !== path ? 404 : allows(request.headers) ? 200 : 401;
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
      response.end(status === 200 ? JSON.stringify(answer(JSON.parse(text))) : '{}');
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function shopifySystem(): Promise<System> {
  const kept: System['kept'] = new Map();
  const shop = await listen(
    '/admin/api/2025-01/graphql.json',
    (headers) => headers['x-shopify-access-token'] === 'shpat',
    ({ query, variables: { discount } }) => {
      expect(query).toContain('discountCodeBasicCreate(basicCodeDiscount: $discount)');
      expect(discount).toMatchObject({
        customerSelection: { all: true },
        startsAt: '2026-01-01T00:00:00.000Z',
      });
      expect(discount.customerGets).toMatchObject({
        items: { all: true },
        value: { discountAmount: { appliesOnEachItem: false } },
      });
      const taken = kept.has(discount.code.toUpperCase());
      if (!taken) {
        kept.set(discount.code.toUpperCase(), {
          amount: discount.customerGets.value.discountAmount.amount,
          minimum: discount.minimumRequirement?.subtotal.greaterThanOrEqualToSubtotal,
          ends: discount.endsAt ?? undefined,
          limit: discount.usageLimit,
        });
      }
      const userErrors = taken ? [{ field: ['code'], code: 'TAKEN', message: 'Code must be unique' }] : [];
      return {
        data: { discountCodeBasicCreate: { codeDiscountNode: taken ? null : { id: 'gid://1' }, userErrors } },
      };
    },
  );
  return {
    kept,
    adapter: shopify({ shop, token: 'shpat', starts: STARTS }),
    stranger: shopify({ shop, token: 'other', starts: STARTS }),
  };
}

async function wooSystem(): Promise<System> {
  const kept: System['kept'] = new Map();
  const shop = await listen(
    '/wp-json/wc/v3/coupons/batch',
    ({ authorization }) => authorization === `Basic ${Buffer.from('ck:cs').toString('base64')}`,
    ({ create }) => {
      expect(create.length).toBeLessThanOrEqual(100);
      return {
        create: create.map((coupon: Body, id: number) => {
          expect(coupon).toMatchObject({ discount_type: 'fixed_cart', individual_use: true });
          const code = coupon.code.toUpperCase();
          const error = {
            code: 'woocommerce_rest_coupon_code_already_exists',
            message: 'exists',
            data: { status: 400 },
          };
          if (kept.has(code)) return { id: 0, error };
          kept.set(code, {
            amount: coupon.amount,
            minimum: coupon.minimum_amount,
            ends: coupon.date_expires_gmt && new Date(`${coupon.date_expires_gmt}Z`).toISOString(),
            limit: coupon.usage_limit,
          });
          return { id, code };
        }),
      };
    },
  );
  const keys = { shop, key: 'ck' };
  return {
    kept,
    adapter: wooCommerce({ ...keys, secret: 'cs' }),
    stranger: wooCommerce({ ...keys, secret: 'no' }),
  };
}

const coupon = (raw: object, currency = 'EUR'): Promotion =>
  readPromotion({ id: 'five', type: 'coupon', amount: 5, ...raw }, currency);

describe.each([
  ['Shopify', shopifySystem],
  ['WooCommerce', wooSystem],
])('a hosted checkout: %s', (_, open) => {
  it('gets each code once, good for one order, with the exact terms', async () => {
    const { adapter, kept } = await open();
    const promotion = coupon({ minimum: 20.5, schedule: { ends: ENDS } });
    expect(await adapter.publish({ promotion, currency: 'EUR', codes: ['AAA-1', 'BBB-2'] })).toBe(2);
    const terms = { amount: '5.00', minimum: '20.50', ends: '2026-06-30T22:00:00.000Z', limit: 1 };
    expect(Object.fromEntries(kept)).toEqual({ 'AAA-1': terms, 'BBB-2': terms });
  });

  it('writes amounts with the decimals of their currency', async () => {
    const { adapter, kept } = await open();
    const currencies = { JPY: [500, '500'], KWD: [1.234, '1.234'] } as const;
    for (const [currency, [amount, text]] of Object.entries(currencies)) {
      await adapter.publish({ promotion: coupon({ amount }, currency), currency, codes: [currency] });
      expect(kept.get(currency)).toEqual({ amount: text, minimum: undefined, ends: undefined, limit: 1 });
    }
  });

  it('can be sent again after it broke off', async () => {
    const { adapter, kept } = await open();
    const codes = Array.from({ length: 120 }, (_, i) => `CODE-${i}`);
    const promotion = coupon({});
    expect(await adapter.publish({ promotion, currency: 'EUR', codes: codes.slice(0, 70) })).toBe(70);
    expect(await adapter.publish({ promotion, currency: 'EUR', codes })).toBe(50);
    expect(kept.size).toBe(120);
  });

  it('is given nothing that it could not keep', async () => {
    const { adapter, kept } = await open();
    const rules = [
      { amount: undefined, percent: 10, maximum_discount: 5 },
      { scope: { category: 'Tea' } },
      { schedule: { windows: [{ from: '17:00', to: '19:00' }] } },
    ];
    for (const rule of rules) {
      const published = adapter.publish({ promotion: coupon(rule), currency: 'EUR', codes: ['A'] });
      await expect(published).rejects.toThrow(/Redeem it in a checkout of your own/);
    }
    expect(kept.size).toBe(0);
  });

  it('says so when it does not know us', async () => {
    const { stranger } = await open();
    const published = stranger.publish({ promotion: coupon({}), currency: 'EUR', codes: ['A'] });
    await expect(published).rejects.toThrow(/answered 401/);
  });
});
