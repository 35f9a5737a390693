/**
 * The recommenders whose mixture `recommend` serves. Each gives a distribution over the catalogue, so that they can
 * be mixed; a distribution may sum to less than one where its evidence is thin.
 */

import { type BehaviourEvent, itemsOf } from '../event.ts';
import { addNeighbours, type Relation } from './relation.ts';
import { topRows } from './top-rows.ts';

/** In the order of the blend's weights; a new one goes to the end, so that earlier releases can still be read. */
export const PARTS = [
  'session',
  'next',
  'together',
  'repeat',
  'content',
  'popularity',
  'before',
  'walk',
] as const;
export type Part = (typeof PARTS)[number];

/** What the parts read; absent ones were not trained. */
export interface PartTables {
  rows: number;
  next?: Relation | undefined;
  before?: Relation | undefined;
  together?: Relation | undefined;
  /** Share of touches, [rows], sums to 1. */
  popularity: Float32Array;
  /** Product vectors [rows, width]; with a session encoder the ones it was trained with. */
  vectors?: { width: number; data: Float32Array } | undefined;
  /** softmax(products(vectors, query)) where there is a kernel for it. */
  chances?: ((query: Float32Array) => Float32Array) | undefined;
}

/** How fast an earlier product stops mattering: its weight by the number of products since. */
export const DECAY: Record<'next' | 'before' | 'together' | 'repeat' | 'content', number> = {
  next: 0.6,
  before: 0.6,
  together: 0.85,
  repeat: 0.8,
  content: 0.7,
};

/** Products looked back at. */
const LOOK_BACK = 24;

/**
 * The second step of `walk` starts from this many of the best products of the first, and goes forward twice as often
 * as back: on Diginetica 0.5 and 0.7 of a step back were equally good, on Beauty 0.5 was best.
 */
const WALK = { from: 60, forward: 2 / 3 } as const;

/** Similarity to probability for the content part: cosine 1 against 0 is e^12 to 1. */
const CONTENT_SHARPNESS = 12;

/** The products of a history, the latest first, each once; those without a row are left out. */
export function recentRows(
  history: readonly BehaviourEvent[],
  rowOf: (sku: string) => number | undefined,
): number[] {
  const rows = new Set<number>();
  for (let i = history.length - 1; i >= 0 && rows.size < LOOK_BACK; i--) {
    const event = history[i]!;
    if (event.name === 'view_item_list' || event.name === 'remove_from_cart' || event.name === 'refund')
      continue;
    for (const { sku } of itemsOf(event).toReversed()) {
      const row = rowOf(sku);
      if (row !== undefined && row >= 0) rows.add(row);
    }
  }
  return [...rows].slice(0, LOOK_BACK);
}

/**
 * One part's distribution over the catalogue, [rows]; undefined where it has nothing to say.
 * @param state the session encoder's state; only `session` reads it
 */
export function partScores(
  part: Part,
  tables: PartTables,
  recent: readonly number[],
  state?: Float32Array,
): Float32Array | undefined {
  switch (part) {
    case 'session':
      return state === undefined || tables.vectors === undefined
        ? undefined
        : chancesOf(tables.vectors, state, tables.chances);
    case 'next':
    case 'before':
    case 'together':
      return relationScores(tables[part], tables.rows, recent, DECAY[part]);
    case 'repeat':
      return repeatScores(tables.rows, recent);
    case 'content':
      return contentScores(tables, recent);
    case 'popularity':
      return tables.popularity;
    case 'walk':
      return walkScores(tables, recent);
  }
}

/**
 * Two steps on the graph of what follows what: products that never met in one session, but share a neighbour. Random
 * walks smooth sparse counts (Paudel et al. 2017, "Updatable, accurate, diverse and scalable recommendations").
 */
function walkScores({ rows, next, before }: PartTables, recent: readonly number[]): Float32Array | undefined {
  if (next === undefined || before === undefined || recent.length === 0) return undefined;
  const step = (scores: Float32Array, row: number, weight: number): void => {
    addNeighbours(scores, next, row, WALK.forward * weight);
    addNeighbours(scores, before, row, (1 - WALK.forward) * weight);
  };
  const first = new Float32Array(rows);
  const unit = (1 - DECAY.next) / (1 - DECAY.next ** recent.length);
  recent.forEach((row, age) => {
    step(first, row, unit * DECAY.next ** age);
  });
  const scores = new Float32Array(rows);
  for (const row of topRows(first, WALK.from)) if (first[row]! > 0) step(scores, row, first[row]!);
  return scores;
}

function relationScores(
  relation: Relation | undefined,
  rows: number,
  recent: readonly number[],
  decay: number,
): Float32Array | undefined {
  if (relation === undefined || recent.length === 0) return undefined;
  const scores = new Float32Array(rows);
  const unit = (1 - decay) / (1 - decay ** recent.length);
  recent.forEach((row, age) => {
    addNeighbours(scores, relation, row, unit * decay ** age);
  });
  return scores;
}

function repeatScores(rows: number, recent: readonly number[]): Float32Array | undefined {
  if (recent.length === 0) return undefined;
  const scores = new Float32Array(rows);
  const unit = (1 - DECAY.repeat) / (1 - DECAY.repeat ** recent.length);
  recent.forEach((row, age) => {
    scores[row] = unit * DECAY.repeat ** age;
  });
  return scores;
}

function contentScores(
  { vectors, chances }: PartTables,
  recent: readonly number[],
): Float32Array | undefined {
  if (vectors === undefined || recent.length === 0) return undefined;
  const { width, data } = vectors;
  const query = new Float32Array(width);
  recent.forEach((row, age) => {
    for (let i = 0; i < width; i++) query[i]! += data[row * width + i]! * DECAY.content ** age;
  });
  const length = Math.hypot(...query);
  if (length === 0) return undefined;
  return chancesOf(
    vectors,
    query.map((x) => (x * CONTENT_SHARPNESS) / length),
    chances,
  );
}

const chancesOf = (
  vectors: NonNullable<PartTables['vectors']>,
  query: Float32Array,
  kernel: PartTables['chances'],
): Float32Array => kernel?.(query) ?? softmax(products(vectors, query));

/** Inner product of every row with `state`, [rows]. */
export function products(vectors: { width: number; data: Float32Array }, state: Float32Array): Float32Array {
  const { width, data } = vectors;
  const rows = data.length / width;
  const out = new Float32Array(rows);
  const whole = width - (width % 4);
  for (let row = 0, at = 0; row < rows; row++) {
    // Four sums that do not wait for each other: three times as fast as one.
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < whole; i += 4, at += 4) {
      a += data[at]! * state[i]!;
      b += data[at + 1]! * state[i + 1]!;
      c += data[at + 2]! * state[i + 2]!;
      d += data[at + 3]! * state[i + 3]!;
    }
    for (let i = whole; i < width; i++) a += data[at++]! * state[i]!;
    out[row] = a + b + c + d;
  }
  return out;
}

/** In place. */
export function softmax(scores: Float32Array): Float32Array {
  let most = Number.NEGATIVE_INFINITY;
  for (const score of scores) if (score > most) most = score;
  let total = 0;
  for (let i = 0; i < scores.length; i++) {
    const e = Math.exp(scores[i]! - most);
    scores[i] = e;
    total += e;
  }
  for (let i = 0; i < scores.length; i++) scores[i]! /= total;
  return scores;
}
