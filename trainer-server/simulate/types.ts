/** What the simulator shows to others. Hidden variables have no place here: see hidden.ts. */

import type { DecisionRequest, LoggedDecision } from '../../shared/decision.ts';
import type { BehaviourEvent } from '../../shared/event.ts';
import type { Product } from '../../shared/product.ts';
import type { Promotion } from '../../shared/promotion.ts';
import type { Shop } from '../../shared/shop.ts';

/** Anything that decides. It sees requests and nothing else. */
export interface SimulatedPolicy {
  readonly name: string;
  /**
   * One row a request, one probability an entry of its `eligible` (always present here), summing to one. Called
   * with a whole lock-step batch, so that a network runs once for hundreds of shoppers.
   */
  probabilities(requests: readonly DecisionRequest[]): Promise<number[][]>;
}

export interface WorldOptions {
  /** One of WORLD_NAMES; `NAME~K` is its K-th perturbed twin. */
  name: string;
  products: readonly Product[];
  /** `none` is added where it is missing; without any other, a set is derived from the catalogue. */
  promotions: readonly Promotion[];
  shop: Shop;
  /** Real behaviour to calibrate baskets, popularity, co-purchase, gaps and hours on. */
  events?: readonly BehaviourEvent[];
  /** Fixes what the world itself draws (product appeal); shoppers come from the run's seed. */
  seed: number | string;
}

export interface RunOptions {
  /** Exactly this many decisions. Give this or `sessions`. */
  decisions?: number;
  sessions?: number;
  seed: number | string;
  /** Shoppers advanced together, so the size of the policy's batches. Does not change the result. */
  batch?: number;
  /** Days after the world's first day at which this run's calendar begins (drifting and seasonal worlds). */
  fromDay?: number;
  /** Days over which shoppers arrive. */
  days?: number;
  signal?: AbortSignal;
  onProgress?: (decisions: number) => void;
}

/** A mean per decision, in the log's own unit (major units of the shop's currency). */
export interface Estimate {
  mean: number;
  /** Clustered by visitor. */
  standardError: number;
}

export interface RunResult {
  /** In time order, as a shop would have logged them: exact propensities, nothing hidden. */
  decisions: LoggedDecision[];
  /** By visitor, then time. */
  events: BehaviourEvent[];
  /** True value of the policy on these shoppers: its probabilities times the exact expected rewards. */
  value: Estimate;
  /** Exact expected promotion cost a decision, by the same rule. */
  spend: Estimate;
  /** Truth, apart from the log: row i holds the expected reward of each promotion in `decisions[i].eligible`. */
  expected: Float64Array[];
  /** Entry i belongs to the i-th visitor of this seed, whatever the policy: for paired differences. */
  visitors: { reward: Float64Array; decisions: Int32Array };
}

/** Exact expectations of one promotion, in major units. */
export interface Response {
  /** Probability of a purchase within the attribution window. */
  pBuy: number;
  /** Margin after promotion cost, refunds subtracted. */
  expectedReward: number;
  expectedSpend: number;
}
