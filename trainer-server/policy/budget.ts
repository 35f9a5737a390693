/** What a policy of every budget needs to learn: who costs how much, and which prices are worth learning. */

import type { SpendCurve } from './pacing.ts';
import type { PolicyData } from './policy-data.ts';

export interface Budget {
  /** Published mean cost of one showing by promotion, in the log's own unit. */
  cost: Float64Array;
  /** What a row is expected to cost beyond that, [rows]. */
  excess: Float32Array;
  /** The price at which a greedy policy spends next to nothing: the highest that is learned. */
  most: number;
  /** Expected spend of a decision by price, in the log's own unit: what pacing steers by. */
  curve: SpendCurve;
}

/** Share of what is spent for free that is left at the highest price. */
const LEAST_SPEND = 0.03;
const RAISES = 16;
const RAISE = 1.4;
/** Points of the spend curve. */
const POINTS = 24;

/**
 * @param reward, spend modelled, [rows]
 * @returns undefined where nothing costs anything
 */
export function budgetOf(
  data: PolicyData,
  reward: Float64Array,
  spend: Float64Array | undefined,
  cost: Float64Array,
): Budget | undefined {
  if (spend === undefined || cost.every((x) => x === 0)) return undefined;
  const free = greedySpend(data, reward, spend, 0);
  if (!(free > 0)) return undefined;
  let most = 0.25;
  for (let i = 0; i < RAISES && greedySpend(data, reward, spend, most) > LEAST_SPEND * free; i++)
    most *= RAISE;
  const excess = excessOf(data, spend, cost);
  const curve = Array.from({ length: POINTS + 1 }, (_, k) => {
    // Closer together where little is asked and most changes.
    const price = most * (k / POINTS) ** 2;
    return { price, spend: greedySpend(data, reward, spend, price) / data.count };
  });
  return { cost, excess, most, curve };
}

/** What each row is expected to cost beyond the published mean cost of its promotion, [rows]. */
export function excessOf(data: PolicyData, spend: Float64Array, cost: Float64Array): Float32Array {
  return Float32Array.from(spend, (x, row) => x - cost[data.promotion[row]!]!);
}

/** Expected spend of the greedy policy at a price, the sum over all decisions. */
export function greedySpend(
  data: PolicyData,
  reward: ArrayLike<number>,
  spend: ArrayLike<number>,
  price: number,
): number {
  let total = 0;
  for (let i = 0; i < data.count; i++) {
    let best = data.offsets[i]!;
    let most = Number.NEGATIVE_INFINITY;
    for (let row = best; row < data.offsets[i + 1]!; row++) {
      const net = reward[row]! - price * spend[row]!;
      if (net > most) [best, most] = [row, net];
    }
    total += spend[best]!;
  }
  return total;
}
