/** Coupons: claimed from the trainer when the shopper takes them, and at no other time. */

import type { ShopPromotion } from './catalogue.ts';
import { asked, loadedEdge } from './promo-edge.ts';
import type { Word } from './words.ts';

export interface Claimed {
  /** What the till turns into a price, once. */
  code: string;
  /** Epoch milliseconds. */
  expires: number;
}

/** The trainer is asked across the network: longer than a decision, shorter than a shopper's patience. */
const PATIENCE_MS = 8000;
const VISIT_PATIENCE_MS = 500;

export const needsCode = ({ terms }: Pick<ShopPromotion, 'terms'>): boolean => terms.type === 'coupon';

export async function claim(id: string): Promise<Claimed | { refused: string }> {
  const none = { promotion: id, refused: 'network' };
  const { code, expires, refused } = await asked((edge) => edge.claim(id), none, PATIENCE_MS);
  return code === undefined
    ? { refused: refused ?? 'network' }
    : { code, expires: expires ?? Number.POSITIVE_INFINITY };
}

/** Known since the page was opened, where anything is: no order waits for it. */
export const visitName = async (): Promise<string | undefined> =>
  loadedEdge() && asked((edge) => edge.visit(), undefined, VISIT_PATIENCE_MS);

/** The shop's words for a refusal, whoever refused. */
export function refusalWord(refused: string): Word {
  if (refused === 'budget-exhausted' || refused === 'no-codes-left') return 'couponGone';
  if (refused === 'group-taken' || refused === 'already-redeemed' || refused === 'order-has-one')
    return 'couponUsed';
  if (refused === 'claim-expired' || refused === 'unknown-code') return 'couponExpired';
  if (refused === 'not-eligible') return 'couponUnfit';
  return 'couponLater';
}
