/** All counted tables of a log. */

import type { Relation } from '../../shared/recommend/relation.ts';
import { DEVICE_PRODUCTS } from '../release/device-files.ts';
import {
  type CountingOptions,
  countBefore,
  countNext,
  countPopularity,
  countTogether,
  type Places,
  placesByRow,
  type Remembering,
} from './co-occurrence.ts';
import { type CountMemory, emptyCounts, RELATIONS, type RelationName } from './count-memory.ts';
import type { Trail } from './trails.ts';

export interface CountedTables {
  rows: number;
  popularity: Float32Array;
  next: Relation;
  before: Relation;
  /** Absent where devices have no room for it. */
  together?: Relation;
}

/** Days after which a touch counts half towards popularity: what sells now, not what once did. */
const POPULARITY_HALF_LIFE = 30;

/**
 * Neighbours of a relation over the whole catalogue, so that 20,000 products stay under 3 MB on a device, vectors
 * included. On Diginetica's 43,097 products 16 instead of 48 neighbours cost 0.8 points of P@20 on products new to the
 * session, 24 cost 0.4. `together` gets half: beside the ordered relations it adds least.
 */
const ENTRIES = 320_000;
const LEAST_WIDTH = 16;

/**
 * Where devices still get the tables but hardly have room for them: `next` and `before` of this width, no `together`.
 * Of 20,000 products of Diginetica, blends fitted on one half of 500 held-out clicks gave the other hit@10 + reciprocal
 * rank .722 with 12, 12 and none, .710 with 16, 16 and 8, .711 with 12, 8 and 4: no difference that 500 could show.
 */
const NARROW = { width: 12, from: 14_000 };

/**
 * @param places of `trails`, for who counts them more than once
 * @param earlier what an earlier release counted, in the rows of this catalogue; its log is not in `trails`
 */
export function countTables(
  trails: readonly Trail[],
  rows: number,
  given: CountingOptions,
  places: Places = placesByRow(trails, rows),
  earlier?: CountMemory,
): CountedTables & { memory: CountMemory } {
  const narrow = rows > NARROW.from && rows <= DEVICE_PRODUCTS;
  const room = narrow ? NARROW.width : Math.max(LEAST_WIDTH, Math.floor(ENTRIES / rows));
  const options = { ...given, width: Math.min(given.width, room) };
  const half = { ...options, width: Math.min(given.width, Math.ceil(room / 2)) };
  const newest = newestOf(trails);
  const touches = countPopularity(trails, rows, POPULARITY_HALF_LIFE);
  const ageing = { ...given, halfLifeDays: POPULARITY_HALF_LIFE, halfLifeShare: Number.POSITIVE_INFINITY };
  const faded = earlier === undefined ? 0 : remaining(earlier.newest, newest, ageing);
  earlier?.touches.forEach((count, row) => {
    touches[row]! += faded * count;
  });
  const scale = earlier === undefined ? 0 : remaining(earlier.newest, newest, given);
  const kept = Object.fromEntries(
    RELATIONS.map((name) => [name, emptyCounts(rows, Math.max(1, Math.min(given.width, rows - 1)))]),
  ) as CountMemory['relations'];
  const remembering = (name: RelationName): Remembering => ({
    earlier: earlier?.relations[name],
    scale,
    kept: kept[name],
  });
  // A tenth of a touch each, so that a product which nobody touched yet can still be shown, last.
  const total = touches.reduce((sum, x) => sum + x + 0.1, 0);
  // Counted all the same: a later release may have fewer products.
  const together = countTogether(trails, rows, half, places, remembering('together'));
  return {
    rows,
    next: countNext(trails, rows, options, places, remembering('next')),
    before: countBefore(trails, rows, options, places, remembering('before')),
    ...(narrow ? {} : { together }),
    popularity: Float32Array.from(touches, (x) => (x + 0.1) / total),
    memory: {
      relations: kept,
      touches: Float32Array.from(touches),
      newest: Number.isNaN(newest) ? (earlier?.newest ?? newest) : newest,
    },
  };
}

const DAY_MS = 86_400_000;

/** Epoch ms; NaN where the log has no times. */
export function newestOf(trails: readonly Trail[]): number {
  let newest = Number.NaN;
  for (const { times } of trails) {
    for (const time of times) if (!Number.isNaN(time) && !(time <= newest)) newest = time;
  }
  return newest;
}

/** What an observation of an earlier log still weighs. Without times that log counts as the half before this one. */
export function remaining(
  earlier: number,
  newest: number,
  { halfLifeDays, halfLifeShare }: Pick<CountingOptions, 'halfLifeDays' | 'halfLifeShare'>,
): number {
  const age = newest - earlier;
  return Number.isNaN(age) ? 2 ** (-0.5 / halfLifeShare) : 2 ** (-Math.max(0, age) / (halfLifeDays * DAY_MS));
}
