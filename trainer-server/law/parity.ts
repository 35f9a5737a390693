/**
 * Discount parity: do groups of shoppers get discounts as often, and worth as much? Means over decisions, with
 * intervals over visitors, since one visitor's decisions are not independent. It compares what was given and says
 * nothing of why: a difference may come from what the groups were eligible for, which `decisions` should hold equal.
 */

import { ThinEvidence } from '../../shared/errors.ts';
import { type ClusterSums, clusterSums, influenceOf } from '../evaluate/intervals/clusters.ts';
import { normalQuantile } from '../evaluate/intervals/normal.ts';

export interface ParityDecision {
  group: string;
  visitor: string;
  /** A discount was given. */
  given: boolean;
  /** What it was worth to the shopper, in any one unit; 0 where none was given. */
  worth: number;
}

export interface ParityOptions {
  /** Visitors that a group needs; normal intervals of fewer are too short. */
  visitors: number;
  /** Of them, visitors who were given a discount, and visitors who at least once were not. */
  ofEach: number;
  /** Two-sided error of each interval. */
  alpha: number;
}

/** `ofEach` 10: the usual rule for a normal approximation of a proportion, n p >= 10 and n (1 - p) >= 10. */
export const PARITY_OPTIONS: ParityOptions = { visitors: 100, ofEach: 10, alpha: 0.05 };

export interface Estimate {
  value: number;
  low: number;
  high: number;
}

export interface GroupParity {
  group: string;
  decisions: number;
  visitors: number;
  /** Of a discount, a decision. */
  probability: Estimate;
  /** Of what was given, a decision. */
  worth: Estimate;
  /** The group's share of all that was given, and of all decisions. */
  shareOfWorth: number;
  shareOfDecisions: number;
}

export const MEASURES = ['probability', 'worth'] as const;
export type Measure = (typeof MEASURES)[number];

/** Group minus reference. */
export interface ParityDifference extends Estimate {
  group: string;
  reference: string;
  measure: Measure;
  /** Ends that hold for all differences of the report together (Bonferroni). */
  lowOfAll: number;
  highOfAll: number;
}

export interface ParityReport {
  groups: GroupParity[];
  differences: ParityDifference[];
  /** Groups that are too small for any figure, and why. */
  refused: Record<string, string>;
}

interface GroupSums {
  group: string;
  rows: readonly ParityDecision[];
  sums: Record<Measure, ClusterSums>;
  /** Visitors in the order of the sums' entries. */
  visitors: string[];
}

/**
 * @param reference the group that the others are compared with; the one of most visitors where absent
 * @throws ThinEvidence where fewer than two groups are large enough, or the reference is not
 */
export function discountParity(
  decisions: readonly ParityDecision[],
  reference?: string,
  options: ParityOptions = PARITY_OPTIONS,
): ParityReport {
  const refused: Record<string, string> = {};
  const groups: GroupSums[] = [];
  for (const [group, rows] of byGroup(decisions)) {
    const reason = thinness(rows, options);
    if (reason === undefined) groups.push(sumsOf(group, rows));
    else refused[group] = reason;
  }
  groups.sort((a, b) => b.visitors.length - a.visitors.length || (a.group < b.group ? -1 : 1));
  const base = reference === undefined ? groups[0] : groups.find(({ group }) => group === reference);
  if (base === undefined || groups.length < 2) {
    const found = Object.entries(refused).map(([group, reason]) => `${group}: ${reason}`);
    throw new ThinEvidence(
      `discount parity: expected two groups, the reference among them, of ${options.visitors} visitors each; ${found.join('; ') || `found ${groups.length}`}`,
    );
  }
  const total = totals(groups);
  const others = groups.filter((group) => group !== base);
  const wide = options.alpha / (others.length * MEASURES.length);
  return {
    groups: groups.map((group) => describeGroup(group, total, options.alpha)),
    differences: others.flatMap((group) =>
      MEASURES.map((measure) => difference(group, base, measure, options.alpha, wide)),
    ),
    refused,
  };
}

export type ParityVerdict = 'within' | 'violated' | 'undecided';

/**
 * For a guard-rail: `violated` where some difference lies beyond the tolerance with all its interval, `within` where
 * every interval lies inside it, else `undecided`, which is no permission.
 */
export function parityVerdict(
  differences: readonly ParityDifference[],
  measure: Measure,
  tolerance: number,
): ParityVerdict {
  const relevant = differences.filter((entry) => entry.measure === measure);
  if (relevant.some(({ lowOfAll, highOfAll }) => lowOfAll > tolerance || highOfAll < -tolerance))
    return 'violated';
  const within =
    relevant.length > 0 && relevant.every(({ low, high }) => low >= -tolerance && high <= tolerance);
  return within ? 'within' : 'undecided';
}

function byGroup(decisions: readonly ParityDecision[]): Map<string, ParityDecision[]> {
  const groups = new Map<string, ParityDecision[]>();
  for (const row of decisions) {
    const rows = groups.get(row.group);
    if (rows === undefined) groups.set(row.group, [row]);
    else rows.push(row);
  }
  return groups;
}

function thinness(rows: readonly ParityDecision[], { visitors, ofEach }: ParityOptions): string | undefined {
  const count = (some: readonly ParityDecision[]): number => new Set(some.map(({ visitor }) => visitor)).size;
  const all = count(rows);
  if (all < visitors) return `${all} visitors, ${visitors} needed`;
  const given = count(rows.filter((row) => row.given));
  if (given < ofEach) return `${given} visitors with a discount, ${ofEach} needed`;
  const none = count(rows.filter((row) => !row.given));
  return none < ofEach ? `${none} visitors without a discount, ${ofEach} needed` : undefined;
}

function sumsOf(group: string, rows: readonly ParityDecision[]): GroupSums {
  const numbers = new Map<string, number>();
  const cluster = rows.map(({ visitor }) => {
    if (!numbers.has(visitor)) numbers.set(visitor, numbers.size);
    return numbers.get(visitor)!;
  });
  const per = new Float64Array(rows.length).fill(1);
  const mean = (part: (row: ParityDecision) => number): ClusterSums =>
    clusterSums({ part: Float64Array.from(rows, part), per }, cluster);
  const sums = { probability: mean(({ given }) => (given ? 1 : 0)), worth: mean(({ worth }) => worth) };
  return { group, rows, sums, visitors: [...numbers.keys()] };
}

function describeGroup(
  { group, rows, sums, visitors }: GroupSums,
  total: { decisions: number; worth: number },
  alpha: number,
): GroupParity {
  const estimate = (measure: Measure): Estimate => {
    const { value } = sums[measure];
    const reach = -normalQuantile(alpha / 2) * errorOf(scaledInfluence(sums[measure]));
    return { value, low: value - reach, high: value + reach };
  };
  return {
    group,
    decisions: rows.length,
    visitors: visitors.length,
    probability: estimate('probability'),
    worth: estimate('worth'),
    shareOfWorth: total.worth === 0 ? 0 : worthOf(rows) / total.worth,
    shareOfDecisions: rows.length / total.decisions,
  };
}

/** A visitor who was in both groups moves both means, so influences are joined by visitor before they are squared. */
function difference(
  a: GroupSums,
  b: GroupSums,
  measure: Measure,
  alpha: number,
  wide: number,
): ParityDifference {
  const joined = new Map<string, number>();
  for (const [sign, { visitors, sums }] of [
    [1, a],
    [-1, b],
  ] as const) {
    scaledInfluence(sums[measure]).forEach((influence, k) => {
      joined.set(visitors[k]!, (joined.get(visitors[k]!) ?? 0) + sign * influence);
    });
  }
  const error = errorOf([...joined.values()]);
  const value = a.sums[measure].value - b.sums[measure].value;
  const [reach, farther] = [alpha, wide].map((level) => -normalQuantile(level / 2) * error) as [
    number,
    number,
  ];
  return {
    ...{ group: a.group, reference: b.group, measure, value },
    ...{ low: value - reach, high: value + reach, lowOfAll: value - farther, highOfAll: value + farther },
  };
}

/** So scaled that the variance of the mean is the sum of their squares: s^2 / n where each visitor decides once. */
function scaledInfluence(sums: ClusterSums): number[] {
  const scale = 1 / Math.sqrt(sums.count * (sums.count - 1));
  return Array.from(influenceOf(sums), (influence) => influence * scale);
}

const errorOf = (influences: readonly number[]): number =>
  Math.sqrt(influences.reduce((sum, u) => sum + u * u, 0));
const worthOf = (rows: readonly ParityDecision[]): number => rows.reduce((sum, { worth }) => sum + worth, 0);

const totals = (groups: readonly GroupSums[]): { decisions: number; worth: number } => ({
  decisions: groups.reduce((sum, { rows }) => sum + rows.length, 0),
  worth: groups.reduce((sum, { rows }) => sum + worthOf(rows), 0),
});
