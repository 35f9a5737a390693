/**
 * For a shop's own back end: what its server may ask of the trainer's.
 *
 * @example
 * const promoEdge = createClient({ endpoint: 'http://localhost:8787', site: 'demo', token });
 * const { priced } = await promoEdge.redeem({ order: '1001', codes: ['7K2QX-...'], cart, customer: 'c-17' });
 * await promoEdge.reportOrders([{ id: '1001', kind: 'purchase', ts: Date.now(), items: [{ sku: 'A', quantity: 1 }] }]);
 */

import { createHash, createHmac } from 'node:crypto';
import type { SignedManifest } from '../../shared/manifest.ts';
import type { Quote, Quoted, Redeemed, Redemption, Reversal, Reversed } from './coupons.ts';
import { askerOf, type ClientOptions } from './request.ts';

export type * from './coupons.ts';
export { type ClientOptions, ServerError } from './request.ts';

/** Prices in decimal major units. */
export interface Order {
  /** Counts once: reporting it again changes nothing. */
  id: string;
  kind: 'purchase' | 'refund';
  /** Epoch milliseconds or ISO 8601. */
  ts: number | string;
  customer?: string;
  /** Of the visit that bought, where the page knows it: what experiments with menus are judged by. */
  sid?: string;
  items: { sku: string; quantity: number; price?: number }[];
  value?: number;
  promotion?: string;
}

export interface Client {
  healthy(): Promise<boolean>;
  manifest(): Promise<SignedManifest>;
  reportOrders(orders: readonly Order[]): Promise<{ accepted: number; duplicates: number }>;
  /** What codes would take off a basket; nothing is redeemed. @throws ServerError for a code that is not good, saying why */
  quote(asked: Quoted): Promise<Quote>;
  /** Turns codes into a price. Asking again for the same order and codes redeems nothing twice. */
  redeem(redemption: Redemption): Promise<Redeemed>;
  reverse(reversal: Reversal): Promise<Reversed>;
  /** The customer does not want to see a promotion. */
  dismiss(customer: string, promotion: string): Promise<void>;
  /**
   * The shop's word for who is logged in, which its page passes to the SDK's `claim`.
   * @param expires epoch ms; minutes from now are enough
   */
  subject(customer: string, expires: number): Promise<string>;
}

/** A request that may be lost on the way is asked again: every one of these counts once, however often it arrives. */
export function createClient(options: ClientOptions): Client {
  const ask = askerOf(options);
  const shop = `/s/${options.site}`;
  let subjectKey: Promise<Buffer> | undefined;
  return {
    healthy: () =>
      ask('GET', '/healthz').then(
        () => true,
        () => false,
      ),
    manifest: () => ask('GET', `${shop}/manifest.json`),
    reportOrders: (orders) => ask('POST', `${shop}/orders`, { orders }),
    quote: (asked) => ask('POST', `${shop}/quotes`, asked),
    redeem: ({ attempt, ...redemption }) => {
      const { order, codes } = redemption;
      const again = attempt === undefined ? [] : [`attempt ${attempt}`];
      const key = keyOf('redeem', order, ...[...codes].sort(), ...again);
      return ask('POST', `${shop}/redemptions`, redemption, key);
    },
    reverse: ({ redemption, id, returned }) => {
      const path = `${shop}/redemptions/${encodeURIComponent(redemption)}/reversals`;
      return ask('POST', path, returned === undefined ? {} : { returned }, keyOf('reverse', redemption, id));
    },
    dismiss: (customer, promotion) => ask('POST', `${shop}/dismissals`, { customer, promotion }),
    subject: async (customer, expires) => {
      subjectKey ??= ask<{ key: string }>('GET', `${shop}/subject-key`).then(({ key }) =>
        Buffer.from(key, 'hex'),
      );
      const key = await subjectKey.catch((error) => {
        subjectKey = undefined;
        throw error;
      });
      const body = Buffer.from(JSON.stringify({ customer, expires })).toString('base64url');
      return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
    },
  };
}

/** The same for the same purchase, whichever process of the shop asks: a crash between two tries forgets nothing. */
const keyOf = (...parts: string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
