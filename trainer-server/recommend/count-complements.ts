/** What is bought together: counted from baskets alone, since what is looked at together is mostly of one kind. */

import type { BehaviourEvent } from '../../shared/event.ts';
import { kindsOf } from '../../shared/recommend/kinds.ts';
import type { Relation } from '../../shared/recommend/relation.ts';
import type { Catalogue } from '../encoders/catalogue.ts';
import { COUNTING_OPTIONS, type CountingOptions, countTogether, placesByRow } from './co-occurrence.ts';
import { type CountMemory, emptyCounts, type PairCounts } from './count-memory.ts';
import { newestOf, remaining } from './count-tables.ts';
import { trailsOf } from './trails.ts';

/**
 * Of the counting: a common product goes with everything by chance, one basket is no evidence, and what goes together
 * changes slowly: a basket counts half after a year, whether it is in this log or in what an earlier release counted.
 */
const COMPLEMENTS: Pick<CountingOptions, 'popularityExponent' | 'halfTrust' | 'halfLifeDays'> = {
  popularityExponent: 0.5,
  halfTrust: 4,
  halfLifeDays: 365,
};

/** Neighbours of all products together, and of one: a quarter of what the other relations may weigh on a device. */
const ENTRIES = 80_000;
const [LEAST, MOST] = [4, 24];
/** Counted before substitutes are left out. */
const SPARE = 3;

export interface Complements {
  /** Absent where nothing was bought together. */
  relation: Relation | undefined;
  /** For the training that goes on from this release. */
  counts: PairCounts;
}

/**
 * Products of one kind are left out: a second kettle completes nothing.
 * @param earlier what an earlier release counted, in the rows of this catalogue; its log is not in `events`
 * @returns undefined where neither tells of a basket
 */
export function countComplements(
  events: readonly BehaviourEvent[],
  { products, rowOf }: Pick<Catalogue, 'products' | 'rowOf'>,
  earlier?: Pick<CountMemory, 'complements' | 'newest'>,
): Complements | undefined {
  const baskets = trailsOf(
    events.filter(({ name }) => name === 'purchase' || name === 'add_to_cart'),
    rowOf,
  );
  if (baskets.length === 0 && earlier?.complements === undefined) return undefined;
  const rows = products.length;
  const width = Math.max(LEAST, Math.min(MOST, Math.floor(ENTRIES / rows)));
  const options = { ...COUNTING_OPTIONS, ...COMPLEMENTS, width: SPARE * width };
  const kinds = kindsOf(numbered(products.map(({ category }) => category)));
  const counts = emptyCounts(rows, Math.max(1, Math.min(options.width, rows - 1)));
  const scale = earlier === undefined ? 0 : remaining(earlier.newest, newestOf(baskets), options);
  const remembering = { earlier: earlier?.complements, scale, kept: counts };
  const wide = countTogether(baskets, rows, options, placesByRow(baskets, rows), remembering);
  const substitutes = (a: number, b: number): boolean => kinds[a] !== undefined && kinds[a] === kinds[b];
  return { relation: narrowed(wide, width, substitutes), counts };
}

/** Equal paths get equal numbers; -1 for none. */
function numbered(paths: readonly (readonly string[])[]): number[] {
  const seen = new Map<string, number>();
  return paths.map((path) => {
    if (path.length === 0) return -1;
    const key = JSON.stringify(path);
    if (!seen.has(key)) seen.set(key, seen.size);
    return seen.get(key)!;
  });
}

function narrowed(
  wide: Relation,
  width: number,
  substitutes: (a: number, b: number) => boolean,
): Relation | undefined {
  const rows = wide.trust.length;
  const index = new Int32Array(rows * width).fill(-1);
  const weight = new Uint8Array(rows * width);
  let found = false;
  for (let row = 0; row < rows; row++) {
    let at = row * width;
    for (let i = row * wide.width; i < (row + 1) * wide.width && at < (row + 1) * width; i++) {
      const other = wide.index[i]!;
      if (other < 0) break;
      if (substitutes(row, other)) continue;
      index[at] = other;
      weight[at++] = wide.weight[i]!;
      found = true;
    }
  }
  return found ? { width, index, weight, trust: wide.trust } : undefined;
}
