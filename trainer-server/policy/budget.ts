/** What a policy of every budget needs to learn: who costs how much, and which prices are worth learning. */

import type { PolicyData } from './policy-data.ts';

export interface Budget {
  /** Published mean cost of one showing by promotion, in the log's own unit. */
  cost: Float64Array;
  /** What a row is expected to cost beyond that, [rows]. */
  excess: Float32Array;
  /** The price at which a greedy policy spends next to nothing: the highest that is learned. */
  most: number;
}

/** Share of what is spent for free that is left at the highest price. */
const LEAST_SPEND = 0.03;
const DOUBLINGS = 12;

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
  for (let i = 0; i < DOUBLINGS && greedySpend(data, reward, spend, most) > LEAST_SPEND * free; i++)
    most *= 1.5;
  const excess = Float32Array.from(spend, (x, row) => x - cost[data.promotion[row]!]!);
  return { cost, excess, most };
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
