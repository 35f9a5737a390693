/** Coupons over HTTP, as a browser and as a shop's server ask for them. */

import type { Cart } from '../../shared/promotions/cart.ts';
import { issueToken } from '../../trainer-server/access/issue-token.ts';
import { createApp } from '../../trainer-server/app.ts';
import { CONFIG } from '../../trainer-server/config.ts';
import { basket, type CouponShop, SITE } from './coupon-shop.ts';

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
  body: any;
  headers: Headers;
}

export interface CouponHttp {
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Without a body. */
  ask(method: 'GET' | 'DELETE', path: string, headers?: object): Promise<Answer>;
  /** As the shop's server of this site, or of another one. */
  asShop(path: string, key: string, body: unknown, site?: string): Promise<Answer>;
  log: string[];
}

/** The app itself, without a socket. */
export function couponHttp(shop: CouponShop): CouponHttp {
  const { store, coupons, clock } = shop;
  const tokens = Object.fromEntries(
    [SITE, 'other'].map((site) => [
      site,
      issueToken(store, { role: 'shop-server', owner: `shop of ${site}`, site }, clock.now).secret,
    ]),
  );
  const log: string[] = [];
  const app = createApp({
    store,
    sdk: new Map(),
    coupons,
    config: CONFIG,
    now: () => clock.now,
    log: (text) => void log.push(text),
  });
  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await app.request(path, init);
    return { status: response.status, body: await response.json(), headers: response.headers };
  };
  const post: CouponHttp['post'] = (path, body, headers = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return send(path, { method: 'POST', body: text, headers });
  };
  return {
    log,
    post,
    ask: (method, path, headers = {}) => send(path, { method, headers: { ...headers } }),
    asShop: (path, key, body, site = SITE) =>
      post(path, body, { Authorization: `Bearer ${tokens[site]}`, 'Idempotency-Key': key }),
  };
}

export const redemption = (code: string, order: string, cart: Cart = basket(4_000)) => ({
  order,
  codes: [code],
  cart,
});

/** Every row of every coupon table but the grants, which whoever asks may have. */
export function couponRows({ store: { db } }: CouponShop): unknown {
  const tables = ['budget', 'claim', 'redemption', 'reversal', 'entry', 'reply', 'dismissal', 'promotion'];
  return Object.fromEntries(
    tables.map((name) => [name, db.prepare(`select * from coupon_${name} order by 1, 2, 3`).all()]),
  );
}
