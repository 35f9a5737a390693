/** The hidden variables: what moves a shopper and is never in a request. */

import type { Attributes } from '../../shared/read.ts';
import type { Plan } from './plan.ts';

/** What can lead a shopper. Their order is that of `motiveShares`. */
export const MOTIVES = ['bargain', 'shipping', 'collector', 'curious', 'resolute'] as const;
export const [BARGAIN, SHIPPING, COLLECTOR, CURIOUS, RESOLUTE] = [0, 1, 2, 3, 4] as const;

/** Fixed for a visitor, but for the two memories that promotions leave. */
export interface Shopper {
  visitor: string;
  /** By MOTIVES, sum one. */
  motives: Float64Array;
  /** Groups of products, best first, with their weights (sum one). */
  tastes: { group: number; weight: number }[];
  /** Preference for cheap (positive) or dear products. */
  thrift: number;
  /** Comfortable price of one product, minor units. */
  lineBudget: number;
  /** Own deviation of the base log-odds. */
  inclination: number;
  /** Willingness to fill a basket up to a minimum, 0 to 1. */
  filling: number;
  /** How much an offer about the very thing wanted means, 0 to 2. */
  devotion: number;
  /** Visible to policies: the only part of a shopper that is. */
  attributes: Attributes;
}

/** The hidden state in which one decision meets a shopper. */
export interface Moment {
  ts: number;
  /** Place of the slot in a session, 0 first to 1 last. */
  stage: number;
  /** The session's hidden readiness to buy, log-odds. */
  intent: number;
  /** What would be bought. */
  plan: Plan;
  /** Promotions shown lately, each decayed since. */
  exposure: number;
  /** Discounts seen so far, as a sum of relative savings. */
  training: number;
}
