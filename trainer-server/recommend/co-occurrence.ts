/** Item-to-item relations counted from trails: what is seen together, and what comes next. */

import type { Relation } from '../../shared/recommend/relation.ts';
import type { PairCounts } from './count-memory.ts';
import type { Trail } from './trails.ts';

export interface CountingOptions {
  /** Neighbours kept a product. */
  width: number;
  /** Days after which an observation counts half; Infinity: never. */
  halfLifeDays: number;
  /** The same for logs without times, as a share of the visitors, in the order in which they appear. */
  halfLifeShare: number;
  /** `together`: how strongly a neighbour's own frequency is divided out; 0 is P(j|i), 1 is lift. Cosine lies at 0.5. */
  popularityExponent: number;
  /** `next`: steps looked ahead, the d-th weighing 1/d. */
  reach: number;
  /** `together`: products of one session further apart than this are not paired (bulk orders hold hundreds). */
  span: number;
  /** Observations of a product at which its neighbours are trusted half. */
  halfTrust: number;
  /** What an earlier release counted of a product stays as it was: this log tells of the others alone. */
  steadfast?: boolean;
}

/** Reach and weights after Ludewig and Jannach 2018 (arXiv 1803.09587), sequential rules. */
export const COUNTING_OPTIONS: CountingOptions = {
  width: 48,
  halfLifeDays: Number.POSITIVE_INFINITY,
  halfLifeShare: Number.POSITIVE_INFINITY,
  popularityExponent: 0.4,
  reach: 10,
  span: 60,
  halfTrust: 1,
};

const DAY_MS = 86_400_000;

/** Counts of an earlier log that are added, and where to keep the sum. */
export interface Remembering {
  earlier?: PairCounts | undefined;
  /** What an earlier observation still weighs. */
  scale: number;
  kept?: PairCounts | undefined;
}

/** Products of the same session, symmetrical, normalised by both frequencies. */
export function countTogether(
  trails: readonly Trail[],
  rows: number,
  options: CountingOptions,
  places = placesByRow(trails, rows),
  remembering?: Remembering,
): Relation {
  const popularity = countPopularity(trails, rows, options.halfLifeDays);
  remembering?.earlier?.evidence.forEach((observed, row) => {
    if (observed > 0 && options.steadfast) popularity[row] = 0;
    popularity[row]! += remembering.scale * observed;
  });
  const share = popularity.map((count) => 1 / (count + 1) ** options.popularityExponent);
  const steps = new Float64Array(options.span + 1).fill(1);
  return strongest(
    trails,
    rows,
    options,
    { before: options.span, after: options.span, steps, share },
    places,
    remembering,
  );
}

/** Products that follow within `reach` steps of the same session: P(next | row), nearer steps weighing more. */
export function countNext(
  trails: readonly Trail[],
  rows: number,
  options: CountingOptions,
  places = placesByRow(trails, rows),
  remembering?: Remembering,
): Relation {
  const steps = nearerMore(options.reach);
  return strongest(trails, rows, options, { before: 0, after: options.reach, steps }, places, remembering);
}

/** What came before, within `reach` steps of the same session: shoppers go back to what they compared. */
export function countBefore(
  trails: readonly Trail[],
  rows: number,
  options: CountingOptions,
  places = placesByRow(trails, rows),
  remembering?: Remembering,
): Relation {
  const steps = nearerMore(options.reach);
  return strongest(trails, rows, options, { before: options.reach, after: 0, steps }, places, remembering);
}

/** The d-th step weighs 1/d. */
const nearerMore = (reach: number): Float64Array => Float64Array.from({ length: reach + 1 }, (_, d) => 1 / d);

/** Decayed number of touches of each product, [rows]. */
export function countPopularity(
  trails: readonly Trail[],
  rows: number,
  halfLifeDays = Number.POSITIVE_INFINITY,
): Float64Array {
  const decay = decayFrom(trails, { halfLifeDays, halfLifeShare: Number.POSITIVE_INFINITY });
  const counts = new Float64Array(rows);
  trails.forEach((trail, t) => {
    trail.rows.forEach((row, i) => {
      counts[row]! += decay(t, trail.times[i]!);
    });
  });
  return counts;
}

/** Weight of an observation by its age before the newest one, or by its trail's place where times are unknown. */
function decayFrom(
  trails: readonly Trail[],
  { halfLifeDays, halfLifeShare }: Pick<CountingOptions, 'halfLifeDays' | 'halfLifeShare'>,
): (trail: number, time: number) => number {
  let newest = Number.NEGATIVE_INFINITY;
  for (const { times } of trails) for (const time of times) if (time > newest) newest = time;
  return (trail, time) =>
    Number.isNaN(time)
      ? 2 ** (-(trails.length - 1 - trail) / (halfLifeShare * trails.length))
      : 2 ** (-(newest - time) / (halfLifeDays * DAY_MS));
}

/** What each touch weighs, [touches] in the order of the trails. */
function agesOf(trails: readonly Trail[], options: CountingOptions): Float64Array {
  const decay = decayFrom(trails, options);
  const ages = new Float64Array(trails.reduce((n, { rows }) => n + rows.length, 0));
  let place = 0;
  trails.forEach(({ times }, t) => {
    for (const time of times) ages[place++] = decay(t, time);
  });
  return ages;
}

/** Which places around an occurrence are its neighbours, and what they weigh. */
interface Window {
  /** Steps looked back and ahead. */
  before: number;
  after: number;
  /** Weight by number of steps. */
  steps: Float64Array;
  /** Factor of each row, [rows]; 1 where absent. */
  share?: Float64Array;
}

/**
 * The strongest neighbours of each row. Rows are done one after the other over the places where they occur, so that
 * one scratch array holds the counts instead of a map of all pairs (10^8 of them in a large log).
 */
function strongest(
  trails: readonly Trail[],
  rows: number,
  options: CountingOptions,
  { before, after, steps, share }: Window,
  places: Places,
  remembering?: Remembering,
): Relation {
  const { earlier, scale, kept } = remembering ?? { scale: 0 };
  const ages = agesOf(trails, options);
  const { walk, session } = places;
  const width = Math.max(1, Math.min(options.width, rows - 1));
  const relation: Relation = {
    width,
    index: new Int32Array(rows * width).fill(-1),
    weight: new Uint8Array(rows * width),
    trust: new Uint8Array(rows),
  };
  const counts = new Float64Array(rows);
  const touched = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    let found = 0;
    const observed = scale * (earlier?.evidence[row] ?? 0);
    let evidence = observed;
    for (let at = row * (earlier?.width ?? 0); at < (row + 1) * (earlier?.width ?? 0); at++) {
      const neighbour = earlier!.index[at]!;
      if (neighbour < 0) break;
      touched[found++] = neighbour;
      counts[neighbour] = scale * earlier!.count[at]! * (share === undefined ? 1 : share[neighbour]!);
    }
    const from = observed > 0 && options.steadfast ? places.start[row + 1]! : places.start[row]!;
    for (let at = from; at < places.start[row + 1]!; at++) {
      const i = places.at[at]!;
      const age = ages[i]!;
      const own = session[i]!;
      evidence += age;
      // A session is one run of the walk: outwards from here until it ends.
      for (let j = i - 1; j >= i - before && j >= 0 && session[j] === own; j--) {
        const neighbour = walk[j]!;
        if (neighbour === row) continue;
        if (counts[neighbour] === 0) touched[found++] = neighbour;
        counts[neighbour]! += steps[i - j]! * age * (share === undefined ? 1 : share[neighbour]!);
      }
      for (let j = i + 1; j <= i + after && j < walk.length && session[j] === own; j++) {
        const neighbour = walk[j]!;
        if (neighbour === row) continue;
        if (counts[neighbour] === 0) touched[found++] = neighbour;
        counts[neighbour]! += steps[j - i]! * age * (share === undefined ? 1 : share[neighbour]!);
      }
    }
    const neighbours = touched.subarray(0, found);
    keepStrongest(relation, row, neighbours, counts);
    if (kept !== undefined)
      keepCounts(kept, row, neighbours, evidence, (n) => counts[n]! / (share?.[n] ?? 1));
    relation.trust[row] = Math.round((255 * evidence) / (evidence + options.halfTrust));
    for (const neighbour of neighbours) counts[neighbour] = 0;
  }
  return relation;
}

/** Reorders `neighbours`. */
function keepStrongest(relation: Relation, row: number, neighbours: Int32Array, counts: Float64Array): void {
  const { width, index, weight } = relation;
  neighbours.sort((left, right) => counts[right]! - counts[left]! || left - right);
  const most = counts[neighbours[0] ?? 0]!;
  neighbours.subarray(0, width).forEach((neighbour, i) => {
    index[row * width + i] = neighbour;
    weight[row * width + i] = Math.max(1, Math.round((255 * counts[neighbour]!) / most));
  });
}

/** Remembers what the strongest neighbours, in their order, were counted from. */
function keepCounts(
  kept: PairCounts,
  row: number,
  neighbours: Int32Array,
  evidence: number,
  countOf: (neighbour: number) => number,
): void {
  kept.evidence[row] = evidence;
  neighbours.subarray(0, kept.width).forEach((neighbour, i) => {
    kept.index[row * kept.width + i] = neighbour;
    kept.count[row * kept.width + i] = countOf(neighbour);
  });
}

/** All trails one after the other, and where each row occurs in them. The same for every way of counting. */
export interface Places {
  /** Row and session of each touch, [touches]; a session's touches stand together. */
  walk: Int32Array;
  session: Int32Array;
  /** Places of a row in the walk: entries start[row] to start[row + 1]. */
  start: Int32Array;
  at: Int32Array;
}

export function placesByRow(trails: readonly Trail[], rows: number): Places {
  const touches = trails.reduce((n, { rows: { length } }) => n + length, 0);
  const walk = new Int32Array(touches);
  const session = new Int32Array(touches);
  let place = 0;
  let sessions = 0;
  for (const trail of trails) {
    walk.set(trail.rows, place);
    for (let i = 0; i < trail.rows.length; i++) session[place++] = sessions + trail.sessions[i]!;
    sessions += (trail.sessions.at(-1) ?? 0) + 1;
  }
  const start = new Int32Array(rows + 1);
  for (const row of walk) start[row + 1]!++;
  for (let row = 0; row < rows; row++) start[row + 1]! += start[row]!;
  const next = start.slice(0, rows);
  const at = new Int32Array(touches);
  for (let i = 0; i < touches; i++) at[next[walk[i]!]!++] = i;
  return { walk, session, start, at };
}
