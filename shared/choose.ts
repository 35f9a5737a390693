/** From Q values to a decision: masks, price of budget, exploration with exact propensities. */

import type { Uniform } from './random.ts';

/** How a policy explores. */
export interface Exploration {
  /** Share of decisions drawn uniformly among the eligible promotions, always. */
  uniformShare: number;
  /** No eligible promotion is ever less likely than this (capped at 1 / number of eligible ones). */
  floor: number;
  /** Inverse-gap weighting's gamma, per `unit`; larger is greedier; 0 is uniform. */
  greed: number;
  /** What a gap is measured in, in the log's own unit of reward, so that `greed` does not depend on the currency. */
  unit: number;
  /** Share of devices that are never shown anything; none where absent. */
  holdout?: number;
}

export const EXPLORATION: Exploration = { uniformShare: 0.05, floor: 0.01, greed: 30, unit: 1 };

/**
 * Probabilities over the eligible promotions, in the order given. Inverse-gap weighting (Foster and Rakhlin 2020,
 * arXiv 2002.04926, equation 2): p(a) = 1 / (n + gamma * gap(a)) for all but the best, which takes the rest; mixed
 * with the uniform slice, then raised to the floor.
 * @param net Q minus the price of budget times cost, finite, one an eligible promotion
 */
export function probabilities(net: readonly number[], exploration: Exploration): number[] {
  const n = net.length;
  if (n === 0) return [];
  if (n === 1) return [1];
  const best = argmax(net);
  const unit = exploration.unit > 0 ? exploration.unit : 1;
  const p = net.map((q) => 1 / (n + (exploration.greed * (net[best]! - q)) / unit));
  p[best] = 1 - p.reduce((sum, x, i) => (i === best ? sum : sum + x), 0);
  const floor = Math.min(exploration.floor, 1 / n);
  const least = Math.max(floor, exploration.uniformShare / n);
  // least + (1 - n * least) * p keeps the sum at one and every probability at or above `least`.
  return p.map((x) => least + (1 - n * least) * x);
}

/** Index of the largest value; the first among equals. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** Draws an index. The draw and the propensity come from the same numbers: what is logged is exact. */
export function draw(p: readonly number[], random: Uniform): number {
  let left = random.next();
  for (let i = 0; i < p.length; i++) {
    left -= p[i]!;
    if (left < 0) return i;
  }
  return argmax(p);
}
