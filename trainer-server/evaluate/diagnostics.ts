/** How much a log can say of a policy, before any estimate. */

import type { Evidence } from './evidence.ts';
import { clusterSums, standardError } from './intervals/clusters.ts';

type Weights = Pick<Evidence, 'weight'>;
type Weighed = Pick<Evidence, 'weight' | 'count' | 'cluster'>;

/** Kish's effective sample size of the importance weights: (sum w)^2 / sum w^2; 0 where all are 0. */
export function effectiveSampleSize({ weight }: Weights): number {
  let sum = 0;
  let squares = 0;
  for (const w of weight) {
    sum += w;
    squares += w * w;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}

/** The same over visitors, each with the sum of its weights: how many independent shoppers the estimate rests on. */
export function effectiveVisitors({ weight, cluster }: Omit<Weighed, 'count'>): number {
  const sums = clusterSums({ part: weight, per: new Float64Array(weight.length).fill(1) }, cluster);
  return effectiveSampleSize({ weight: sums.part });
}

/**
 * Share of the target policy that the log can speak of: the mean importance weight, at most 1. Weights average 1 where
 * the logging policy tried everything that the target does, and less by just the share that it never tried.
 */
export function overlapOf({ weight, count }: Pick<Evidence, 'weight' | 'count'>): number {
  return count === 0 ? 0 : Math.min(1, weight.reduce((sum, w) => sum + w, 0) / count);
}

/** Mean importance weight and its standard error over visitors. */
export function meanWeight({ weight, count, cluster }: Weighed): { mean: number; error: number } {
  const sums = clusterSums({ part: weight, per: new Float64Array(count).fill(1) }, cluster);
  return { mean: sums.value, error: standardError(sums) };
}

/** Decisions with weight whose reward differs from the commonest reward (in most logs: 0, nothing bought). */
export function informativeCount({ weight, reward }: Pick<Evidence, 'weight' | 'reward'>): number {
  const counts = new Map<number, number>();
  let weighed = 0;
  reward.forEach((r, i) => {
    if (weight[i] === 0) return;
    weighed++;
    counts.set(r, (counts.get(r) ?? 0) + 1);
  });
  return weighed - Math.max(0, ...counts.values());
}

/**
 * Kish's effective sample size of what decisions add to the estimate beyond a usual outcome: how many outcomes carry it.
 * One enormous order among thousands makes it 1, whatever the effective sample size of the weights.
 */
export function effectiveOutcomes({ weight, reward }: Pick<Evidence, 'weight' | 'reward'>): number {
  const weighed = Float64Array.from(reward.filter((_, i) => weight[i]! > 0)).sort();
  const usual = weighed[weighed.length >> 1] ?? 0;
  const off = Float64Array.from(reward, (r, i) => weight[i]! * Math.abs(r - usual));
  const most = off.reduce((a, b) => Math.max(a, b), 0);
  // In units of the largest: squares of huge rewards would overflow.
  return effectiveSampleSize({ weight: most > 0 ? off.map((x) => x / most) : off });
}

export const largestWeight = ({ weight }: Weights): number =>
  weight.reduce((most, w) => Math.max(most, w), 0);

export const visitorCount = ({ cluster }: Pick<Evidence, 'cluster'>): number => new Set(cluster).size;
