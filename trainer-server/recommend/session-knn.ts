/**
 * Nearest sessions: what similar sessions held. The bar that the blend must clear, and no part of a release, since its
 * table is other shoppers' sessions, which must not reach a device.
 *
 * V-SKNN of Ludewig and Jannach 2018 (arXiv 1803.09587, section 3.2): the current session is a vector in which earlier
 * products weigh less, its dot product with a session of the log is their similarity, and a neighbour counts by how
 * late in the current session their last common product stands; with the inverse document frequency of the later
 * evaluation (arXiv 1910.12781). The recency form fades by age and by the distance from the common product inside a
 * neighbour, after STAN (Garg et al. 2019, equations 3 and 5).
 */

import type { Trail } from './trails.ts';

export interface SessionKnnOptions {
  /** Neighbours whose products are counted. */
  neighbours: number;
  /** Latest sessions with a common product that are compared at all. */
  sample: number;
  /** Exponent of the inverse document frequency of what neighbours held. */
  idf: number;
  /** Days in which a session's weight falls to 1/e; Infinity: never. */
  fadeDays: number;
  /** Products in which a neighbour's weight falls to 1/e, away from the last common product; Infinity: never. */
  fadeSteps: number;
}

/** As in the session-rec framework's V-SKNN for Diginetica. */
export const SESSION_KNN: SessionKnnOptions = {
  neighbours: 100,
  sample: 2000,
  idf: 1,
  fadeDays: Number.POSITIVE_INFINITY,
  fadeSteps: Number.POSITIVE_INFINITY,
};

/** The best of six settings tried on Online Retail's October itself: as a bar it is flattered. */
export const RECENCY_KNN: SessionKnnOptions = {
  neighbours: 500,
  sample: Number.POSITIVE_INFINITY,
  idf: 0,
  fadeDays: 30,
  fadeSteps: 2,
};

interface Session {
  rows: Int32Array;
  time: number;
}

const DAY_MS = 86_400_000;

/** Opened once over a log; a query then touches the sessions that share a product with it. */
export class SessionKnn {
  readonly #sessions: Session[];
  /** Sessions of each product, the latest last. */
  readonly #holding: number[][];
  readonly #newest: number;
  /** Scratch of one query, zeros between queries. */
  readonly #similarity: Float64Array;

  constructor(
    trails: readonly Trail[],
    readonly rows: number,
    readonly options: SessionKnnOptions = SESSION_KNN,
  ) {
    this.#sessions = trails.flatMap(sessionsOf);
    if (this.#sessions.every(({ time }) => !Number.isNaN(time)))
      this.#sessions.sort((a, b) => a.time - b.time);
    this.#newest = this.#sessions.at(-1)?.time ?? Number.NaN;
    this.#similarity = new Float64Array(this.#sessions.length);
    this.#holding = Array.from({ length: rows }, () => []);
    this.#sessions.forEach((session, s) => {
      for (const row of new Set(session.rows)) this.#holding[row]!.push(s);
    });
  }

  /** Scores of all products, [rows]. @param current products of the session so far, the latest first, each once */
  scores(current: readonly number[]): Float32Array {
    const { options } = this;
    const out = new Float32Array(this.rows);
    const age = new Map(current.map((row, i) => [row, i]));
    for (const [s, similarity] of this.#nearest(current)) {
      const { rows, time } = this.#sessions[s]!;
      const common = rows.reduce((best, row) => Math.min(best, age.get(row) ?? best), current.length);
      const at = rows.lastIndexOf(current[common]!);
      const fading = Number.isNaN(time) ? 1 : Math.exp(-(this.#newest - time) / (options.fadeDays * DAY_MS));
      const weight = similarity * fading * Math.max(0, 1 - 0.1 * common);
      const counted = new Set<number>();
      rows.forEach((row, i) => {
        if (counted.has(row)) return;
        counted.add(row);
        const rarity = Math.log(this.#sessions.length / this.#holding[row]!.length) ** options.idf;
        out[row]! += weight * rarity * Math.exp(-Math.abs(i - at) / options.fadeSteps);
      });
    }
    return out;
  }

  /** The nearest sessions with their similarities. */
  #nearest(current: readonly number[]): [number, number][] {
    const { neighbours, sample, fadeSteps } = this.options;
    const similarity = this.#similarity;
    const found: number[] = [];
    current.forEach((row, age) => {
      const linear = 1 - age / current.length;
      const weight = Number.isFinite(fadeSteps) ? Math.exp(-age / 3) : linear;
      for (const s of this.#holding[row]!) {
        if (similarity[s] === 0) found.push(s);
        similarity[s]! += weight;
      }
    });
    // Typed arrays sort without comparing by a function, and only what can be among the nearest is sorted by one.
    const latest = Int32Array.from(found).sort().slice(-Math.min(sample, found.length));
    const least =
      Float64Array.from(latest, (s) => similarity[s]!)
        .sort()
        .at(-neighbours) ?? 0;
    const nearest = [...latest.filter((s) => similarity[s]! >= least)]
      .sort((s, t) => similarity[t]! - similarity[s]! || t - s)
      .slice(0, neighbours)
      .map((s): [number, number] => [s, similarity[s]!]);
    for (const row of current) for (const s of this.#holding[row]!) similarity[s] = 0;
    return nearest;
  }
}

function sessionsOf({ rows, times, sessions }: Trail): Session[] {
  const out: Session[] = [];
  for (let from = 0; from < rows.length; ) {
    let to = from + 1;
    while (to < rows.length && sessions[to] === sessions[from]) to++;
    out.push({ rows: rows.slice(from, to), time: times[from]! });
    from = to;
  }
  return out;
}
