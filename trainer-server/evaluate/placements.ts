/**
 * Which creative does what in which placement: click-through, orders and cost per result, as if it always stood there.
 * Self-normalised importance weighting (estimators/snips.ts): what a policy showed to its favourites alone must not
 * look better for it. Costs per result are ratios of two such sums, with intervals over visitors like all others.
 */

import type { Random } from '../../shared/random.ts';
import { type ClusterSums, clusterSums, influenceOf } from './intervals/clusters.ts';
import { intervalOf } from './intervals/index.ts';
import type { Interval } from './intervals/interval.ts';
import { normalQuantile } from './intervals/normal.ts';
import { THRESHOLDS } from './thin.ts';

/** A decision for a slot, and what came of it. Undefined is unknown. */
export interface Placed {
  slot: string;
  promotion: string;
  visitor: number;
  /** Of what was shown; absent where the log does not say. */
  propensity?: number;
  clicked?: boolean;
  ordered?: boolean;
  /** What it took from a budget, and what it earned, in the log's own unit. */
  spend?: number;
  reward?: number;
}

export interface PlacementLine {
  slot: string;
  promotion: string;
  shown: number;
  visitors: number;
  clicks?: number;
  orders?: number;
  /** A showing. */
  clickRate?: Interval;
  orderRate?: Interval;
  value?: Interval;
  costPerClick?: Interval;
  costPerOrder?: Interval;
  /** Why there are no rates, in words. */
  refused?: string;
}

/** The best creative of a placement by click-through, and its lead over the next. */
export interface PlacementBest {
  slot: string;
  best: string;
  over: string;
  lead: Interval;
}

export interface PlacementReport {
  lines: PlacementLine[];
  best: PlacementBest[];
}

/** @param random for the intervals, which resample visitors */
export function placementReport(placed: readonly Placed[], random: Random): PlacementReport {
  const report: PlacementReport = { lines: [], best: [] };
  for (const slot of distinct(placed.map((one) => one.slot))) {
    const rows = placed.filter((one) => one.slot === slot);
    const lines = distinct(rows.map(({ promotion }) => promotion)).map((promotion) =>
      lineOf(slot, promotion, rows, random.fork(`${slot} ${promotion}`)),
    );
    report.lines.push(...lines);
    const rated = lines
      .filter(({ clickRate }) => clickRate !== undefined)
      .sort((a, b) => b.clickRate!.value - a.clickRate!.value);
    const [best, over] = rated.map(({ promotion }) => promotion);
    if (over !== undefined) report.best.push({ slot, best: best!, over, lead: leadOf(best!, over, rows) });
  }
  return report;
}

function lineOf(slot: string, promotion: string, rows: readonly Placed[], random: Random): PlacementLine {
  const own = rows.filter((row) => row.promotion === promotion);
  const visitors = new Set(own.map(({ visitor }) => visitor)).size;
  const [clicks, orders] = [countOf(own, 'clicked'), countOf(own, 'ordered')];
  const line: PlacementLine = {
    ...{ slot, promotion, shown: own.length, visitors },
    ...(clicks === undefined ? {} : { clicks }),
    ...(orders === undefined ? {} : { orders }),
  };
  if (visitors < THRESHOLDS.visitors)
    return { ...line, refused: `only ${visitors} visitors (at least ${THRESHOLDS.visitors} needed)` };
  const cluster = own.map(({ visitor }) => visitor);
  const mean = (numerator: Measure, denominator: Measure): Interval =>
    intervalOf({ part: weighted(own, numerator), per: weighted(own, denominator) }, cluster, random);
  const enough = (count: number | undefined): boolean =>
    count !== undefined && count >= THRESHOLDS.informative;
  const costs = own.some(({ spend = 0 }) => spend > 0);
  return {
    ...line,
    ...(enough(clicks) && { clickRate: mean(clicked, one) }),
    ...(enough(orders) && { orderRate: mean(ordered, one) }),
    ...(own.every(({ reward }) => reward !== undefined) && { value: mean(earned, one) }),
    ...(costs && enough(clicks) && { costPerClick: mean(spent, clicked) }),
    ...(costs && enough(orders) && { costPerOrder: mean(spent, ordered) }),
    ...(!enough(clicks) && {
      refused: `only ${clicks ?? 'unknown'} clicks (at least ${THRESHOLDS.informative} needed)`,
    }),
  };
}

/**
 * How much more often one is clicked than another, if each always stood there. Visitors may have seen both: their parts
 * in the two rates are taken together.
 * @param rows of one placement
 */
export function leadOf(best: string, over: string, rows: readonly Placed[]): Interval {
  const sums = (promotion: string): ClusterSums => {
    const only =
      (measure: Measure): Measure =>
      (row) =>
        row.promotion === promotion ? measure(row) : 0;
    const part = weighted(rows, only(clicked));
    return clusterSums(
      { part, per: weighted(rows, only(one)) },
      rows.map(({ visitor }) => visitor),
    );
  };
  const [own, other] = [sums(best), sums(over)];
  const theirs = influenceOf(other);
  const squares = influenceOf(own).reduce((sum, u, k) => sum + (u - theirs[k]!) ** 2, 0);
  const value = own.value - other.value;
  const reach = normalQuantile(0.975) * Math.sqrt(squares / (own.count * (own.count - 1)));
  return { value, low: value - reach, high: value + reach };
}

type Measure = (row: Placed) => number;
const one: Measure = () => 1;
const clicked: Measure = (row) => (row.clicked === true ? 1 : 0);
const ordered: Measure = (row) => (row.ordered === true ? 1 : 0);
const spent: Measure = (row) => row.spend ?? 0;
const earned: Measure = (row) => row.reward ?? 0;

const weighted = (rows: readonly Placed[], measure: Measure): Float64Array =>
  Float64Array.from(rows, (row) => measure(row) / (row.propensity ?? 1));

/** Undefined where none is known. */
function countOf(rows: readonly Placed[], what: 'clicked' | 'ordered'): number | undefined {
  const known = rows.filter((row) => row[what] !== undefined);
  return known.length === 0 ? undefined : known.filter((row) => row[what]).length;
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)].sort();
