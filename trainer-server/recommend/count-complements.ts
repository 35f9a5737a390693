/** What is bought together: counted from baskets alone, since what is looked at together is mostly of one kind. */

import type { BehaviourEvent } from '../../shared/event.ts';
import { kindsOf } from '../../shared/recommend/kinds.ts';
import type { Relation } from '../../shared/recommend/relation.ts';
import type { Catalogue } from '../encoders/catalogue.ts';
import { COUNTING_OPTIONS, type CountingOptions, countTogether } from './co-occurrence.ts';
import { trailsOf } from './trails.ts';

/** Of the counting: a common product goes with everything by chance, and one basket is no evidence. */
const COMPLEMENTS: Pick<CountingOptions, 'popularityExponent' | 'halfTrust'> = {
  popularityExponent: 0.5,
  halfTrust: 4,
};

/** Neighbours of all products together, and of one: a quarter of what the other relations may weigh on a device. */
const ENTRIES = 80_000;
const [LEAST, MOST] = [4, 24];
/** Counted before substitutes are left out. */
const SPARE = 3;

/**
 * Products of one kind are left out: a second kettle completes nothing.
 * @returns undefined where the log tells of no basket
 */
export function countComplements(
  events: readonly BehaviourEvent[],
  { products, rowOf }: Pick<Catalogue, 'products' | 'rowOf'>,
): Relation | undefined {
  const baskets = trailsOf(
    events.filter(({ name }) => name === 'purchase' || name === 'add_to_cart'),
    rowOf,
  );
  if (baskets.length === 0) return undefined;
  const rows = products.length;
  const width = Math.max(LEAST, Math.min(MOST, Math.floor(ENTRIES / rows)));
  const options = { ...COUNTING_OPTIONS, ...COMPLEMENTS, width: SPARE * width };
  const kinds = kindsOf(numbered(products.map(({ category }) => category)));
  return narrowed(
    countTogether(baskets, rows, options),
    width,
    (a, b) => kinds[a] !== undefined && kinds[a] === kinds[b],
  );
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
