/**
 * Coupons over HTTP. Grants and claims are everyone's; redemptions, reversals, expiry and customers are the shop
 * server's alone. Money is in minor units, both ways.
 */

import { type Context, Hono } from 'hono';
import { BadInput } from '../../shared/errors.ts';
import { read } from '../../shared/read.ts';
import { addressOf } from '../access/address.ts';
import { requireRole } from '../access/caller.ts';
import type { Coupons } from '../coupons/coupons.ts';
import {
  CLAIM,
  claimSchema,
  DISMISS,
  dismissalSchema,
  EXPIRE,
  GRANT,
  grantSchema,
  QUOTE,
  quoteSchema,
  REDEEM,
  REVERSE,
  redemptionSchema,
  reversalSchema,
  SUBJECT_KEY,
} from './coupon-schemas.ts';
import { jsonBody } from './json-body.ts';
import { describe } from './operation.ts';
import { siteOf } from './site.ts';

export function couponsRoute(coupons: Coupons, trustedProxies: number, now: () => number): Hono {
  const shop = requireRole('shop-server');
  return new Hono()
    .post('/s/:site/grants', describe(GRANT), async (c) => {
      const asked = read(grantSchema, await jsonBody(c));
      const { token, grant } = await coupons.grant(siteOf(c), asked, addressOf(c, trustedProxies), now());
      const { sid, menu, withheld, seed, arm, propensity, budgetPrice, expires } = grant;
      return answer(c, 201, {
        grant: token,
        sid,
        menu,
        withheld,
        seed,
        arm,
        propensity,
        budgetPrice,
        expires,
      });
    })
    .post('/s/:site/claims', describe(CLAIM), async (c) => {
      const asked = read(claimSchema, await jsonBody(c));
      const { repeated, ...claim } = await coupons.claim(siteOf(c), asked, now());
      return answer(c, repeated ? 200 : 201, claim);
    })
    .post('/s/:site/quotes', describe(QUOTE), shop, async (c) => {
      const asked = read(quoteSchema, await jsonBody(c));
      return answer(c, 200, coupons.quote(siteOf(c), asked, now()));
    })
    .post('/s/:site/redemptions', describe(REDEEM), shop, async (c) => {
      const asked = read(redemptionSchema, await jsonBody(c));
      const { answer: redeemed, replayed } = await coupons.redeem(siteOf(c), keyOf(c), asked, now());
      if (replayed) c.header('Idempotent-Replayed', 'true');
      return answer(c, 201, redeemed);
    })
    .post('/s/:site/redemptions/:id/reversals', describe(REVERSE), shop, async (c) => {
      const asked = read(reversalSchema, await jsonBody(c));
      const id = c.req.param('id');
      const { answer: reversal, replayed } = await coupons.reverse(siteOf(c), id, keyOf(c), asked, now());
      if (replayed) c.header('Idempotent-Replayed', 'true');
      return answer(c, 201, reversal);
    })
    .post('/s/:site/expire', describe(EXPIRE), shop, async (c) => {
      siteOf(c);
      return answer(c, 200, { expired: await coupons.expire(now()) });
    })
    .post('/s/:site/dismissals', describe(DISMISS), shop, async (c) => {
      const { customer, promotion } = read(dismissalSchema, await jsonBody(c));
      await coupons.dismiss(siteOf(c), customer, promotion, now());
      return answer(c, 201, {});
    })
    .get('/s/:site/subject-key', describe(SUBJECT_KEY), shop, (c) =>
      answer(c, 200, { key: coupons.keys.of(siteOf(c), 'subject').toString('hex') }),
    );
}

function answer(c: Context, status: 200 | 201, body: object): Response {
  c.header('Cache-Control', 'no-store');
  return c.json(body, status);
}

/** @throws BadInput where there is none: a retry could then not be told from a second purchase */
function keyOf(c: Context): string {
  const key = c.req.header('Idempotency-Key') ?? '';
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new BadInput(
    { field: 'Idempotency-Key' },
    'a header of 1 to 200 characters',
    key === '' ? 'none' : 'another',
    'Make one for each order, and send it again with each retry',
  );
}
