/** Whether logged propensities can be what the log was drawn with, whatever the policy that is evaluated. */

import type { PolicyData } from '../policy/policy-data.ts';
import { takenRow } from './evidence.ts';
import { clusterSums, standardError } from './intervals/clusters.ts';

/** Takes of a promotion from which its frequency is compared with its propensities. */
const TAKES = 30;
/** How many standard errors, and by what factor, a frequency must be off. */
const SURE = 4;
const FACTOR = 1.1;

/**
 * Where every decision draws promotion a with probability p(a), the mean of 1{a was drawn} / p(a) over the decisions in
 * which a was eligible is 1, or less where a was sometimes impossible; more cannot be.
 * @param propensity of the logged actions, [n]
 * @returns what is wrong, in words; undefined where nothing is
 */
export function propensityProblem(data: PolicyData, propensity: Float64Array): string | undefined {
  const broken = propensity.findIndex((p) => !(p > 0 && p <= 1));
  if (broken >= 0) return `decision ${broken}: the propensity is ${propensity[broken]}, not in (0, 1]`;
  const { inverse, eligible, takes } = inverseTakes(data, propensity);
  for (let p = 0; p < data.promotions.length; p++) {
    if (takes[p]! < TAKES) continue;
    const sums = clusterSums({ part: inverse[p]!, per: eligible[p]! }, data.visitor);
    if (sums.value - SURE * standardError(sums) > FACTOR) {
      return `'${data.promotions[p]}' was taken ${sums.value.toFixed(2)} times as often as its propensities say: they cannot be right`;
    }
  }
  return undefined;
}

/** By promotion: 1 / propensity where it was taken, 1 where it was eligible, [n] each; and how often it was taken. */
function inverseTakes(data: PolicyData, propensity: Float64Array) {
  const empty = () => data.promotions.map(() => new Float64Array(data.count));
  const [inverse, eligible] = [empty(), empty()];
  const takes = new Int32Array(data.promotions.length);
  for (let i = 0; i < data.count; i++) {
    for (let row = data.offsets[i]!; row < data.offsets[i + 1]!; row++) {
      eligible[data.promotion[row]!]![i] = 1;
    }
    const p = data.promotion[takenRow(data, i)]!;
    inverse[p]![i] = 1 / propensity[i]!;
    takes[p]!++;
  }
  return { inverse, eligible, takes };
}

/** What the target policy does that the log never did. */
export interface Untried {
  /** Share of the target's probability on promotions that the log never took. */
  share: number;
  promotions: string[];
}

/** @param target probabilities of the target policy, [rows] */
export function untriedBy(data: PolicyData, target: ArrayLike<number>): Untried {
  const taken = new Set<number>();
  for (let i = 0; i < data.count; i++) taken.add(data.promotion[takenRow(data, i)]!);
  const wanted = new Map<number, number>();
  data.promotion.forEach((p, row) => {
    if (!taken.has(p) && target[row]! > 0) wanted.set(p, (wanted.get(p) ?? 0) + target[row]!);
  });
  return {
    share: [...wanted.values()].reduce((sum, p) => sum + p, 0) / Math.max(1, data.count),
    promotions: [...wanted.keys()].map((p) => data.promotions[p]!),
  };
}
