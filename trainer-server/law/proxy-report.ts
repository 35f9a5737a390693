/**
 * Near-proxies: how much what a policy sees tells about attributes that it must not see.
 *
 * The measure is Cramer's V with the correction for bias of Bergsma (2013, "A bias-correction for Cramer's V and
 * Tschuprow's T", equations 2 to 6): 0 where a feature says nothing, 1 where it says everything. The interval is a
 * percentile bootstrap over visitors, since decisions of one visitor repeat each other.
 */

import type { LoggedDecision } from '../../shared/decision.ts';
import { type Random, seeded } from '../../shared/random.ts';

export interface ProxyFinding {
  /** The attribute that the policy sees. */
  feature: string;
  sensitive: string;
  /** 0 to 1. */
  association: number;
  low: number;
  high: number;
  visitors: number;
  /** The interval's lower end reaches `threshold`: what the feature decides, the sensitive attribute decides. */
  proxy: boolean;
}

export interface ProxyOptions {
  /** Bins of a numeric attribute, by quantiles. */
  bins: number;
  /** Values of an attribute with a category of their own; the rest share one. */
  values: number;
  resamples: number;
  /** From this association on a feature stands for the sensitive one. Cohen (1988) calls 0.5 large for two groups. */
  threshold: number;
  seed: string;
}

export const PROXY_OPTIONS: ProxyOptions = {
  bins: 8,
  values: 24,
  resamples: 200,
  threshold: 0.5,
  seed: 'proxies',
};

/** Below this an interval says nothing. */
const LEAST_VISITORS = 30;

/**
 * Each feature against each sensitive attribute, over visitors who have both (the first decision of each), strongest
 * first. Pairs with fewer than 30 visitors are left out.
 */
export function proxiesIn(
  decisions: readonly LoggedDecision[],
  features: readonly string[],
  sensitive: readonly string[],
  options: ProxyOptions = PROXY_OPTIONS,
): ProxyFinding[] {
  const first = new Map<string, LoggedDecision>();
  for (const decision of decisions) if (!first.has(decision.visitor)) first.set(decision.visitor, decision);
  const visitors = [...first.values()];
  const out: ProxyFinding[] = [];
  for (const feature of features) {
    for (const name of sensitive) {
      const both = visitors.filter(
        ({ attributes }) => attributes?.[feature] !== undefined && attributes[name] !== undefined,
      );
      if (both.length < LEAST_VISITORS) continue;
      const x = codesOf(
        both.map(({ attributes }) => attributes![feature]!),
        options,
      );
      const y = codesOf(
        both.map(({ attributes }) => attributes![name]!),
        options,
      );
      const random = seeded(`${options.seed}/${feature}/${name}`);
      const { low, high } = interval(x, y, options.resamples, random);
      const association = cramersV(x, y);
      const proxy = low >= options.threshold;
      out.push({ feature, sensitive: name, association, low, high, visitors: both.length, proxy });
    }
  }
  return out.sort((a, b) => b.association - a.association);
}

/** Bias-corrected Cramer's V of two columns of small integers. */
export function cramersV(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = x.length;
  const [rows, columns] = [countsOf(x), countsOf(y)];
  const table = new Map<number, number>();
  for (let i = 0; i < n; i++) {
    const cell = x[i]! * 1024 + y[i]!;
    table.set(cell, (table.get(cell) ?? 0) + 1);
  }
  // Chi-squared over n: the sum of p_ij^2 / (p_i p_j), less 1.
  let phi2 = -1;
  for (const [cell, count] of table)
    phi2 += (count * count) / (rows.get(cell >> 10)! * columns.get(cell & 1023)!);
  const [r, k] = [rows.size, columns.size];
  const corrected = Math.max(0, phi2 - ((r - 1) * (k - 1)) / (n - 1));
  const [r1, k1] = [r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)];
  const most = Math.min(r1, k1) - 1;
  return most <= 0 ? 0 : Math.min(1, Math.sqrt(corrected / most));
}

function interval(
  x: Uint16Array,
  y: Uint16Array,
  resamples: number,
  random: Random,
): { low: number; high: number } {
  const n = x.length;
  const [a, b] = [new Uint16Array(n), new Uint16Array(n)];
  const values = Array.from({ length: resamples }, () => {
    for (let i = 0; i < n; i++) {
      const from = random.int(n);
      a[i] = x[from]!;
      b[i] = y[from]!;
    }
    return cramersV(a, b);
  }).sort((left, right) => left - right);
  return { low: values[Math.floor(resamples * 0.025)]!, high: values[Math.ceil(resamples * 0.975) - 1]! };
}

function countsOf(codes: ArrayLike<number>): Map<number, number> {
  const out = new Map<number, number>();
  for (let i = 0; i < codes.length; i++) out.set(codes[i]!, (out.get(codes[i]!) ?? 0) + 1);
  return out;
}

/** Numbers by quantile, everything else by value, the rarest together. Codes stay below 1024. */
function codesOf(
  values: readonly (string | number | boolean)[],
  { bins, values: most }: ProxyOptions,
): Uint16Array {
  const numeric = values.every((value) => typeof value === 'number') && new Set(values).size > bins;
  if (numeric) {
    const ascending = [...(values as number[])].sort((a, b) => a - b);
    const edges = Array.from(
      { length: bins - 1 },
      (_, i) => ascending[Math.floor(((i + 1) * values.length) / bins)]!,
    );
    return Uint16Array.from(values as number[], (value) => edges.filter((edge) => value >= edge).length);
  }
  const counts = new Map<string, number>();
  for (const value of values) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  const known = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, most);
  const codes = new Map(known.map(([value], i) => [value, i]));
  return Uint16Array.from(values, (value) => codes.get(String(value)) ?? known.length);
}
