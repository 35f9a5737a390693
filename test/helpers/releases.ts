/**
 * Releases whose harm or gain is known: simulated shoppers as a population, logs drawn from it by visitor, and pairs of
 * policies whose true difference over that population is a finite sum.
 */

import { type Random, seeded } from '../../shared/random.ts';
import { fitSpec } from '../../trainer-server/policy/fit-spec.ts';
import type { PolicyData } from '../../trainer-server/policy/policy-data.ts';
import { preparePolicyData } from '../../trainer-server/policy/prepare.ts';
import { createWorld, runWorld, UNIFORM } from '../../trainer-server/simulate/index.ts';
import { syntheticCatalogue } from './synthetic-catalogue.ts';

export interface Population {
  name: string;
  data: PolicyData;
  /** Exact expected rewards, [rows]. */
  expected: Float64Array;
  /** What logged rewards differ from their expectation by: the noise of this world. */
  residuals: Float64Array;
  /** Decisions of each visitor. */
  visitors: number[][];
}

export async function populationOf(name: string, decisions: number, seed: number): Promise<Population> {
  const products = syntheticCatalogue(200, seed);
  const shop = { currency: 'EUR', locale: 'en', attributes: {}, slots: [] };
  const world = createWorld({ name, products, promotions: [], shop, seed });
  const run = await runWorld(world, UNIFORM, { decisions, seed: `population ${seed}` });
  const dataset = {
    ...{ decisions: run.decisions, events: run.events, shop },
    ...{ products: [...world.catalogue.products], promotions: [...world.promotions] },
  };
  const data = narrowed(preparePolicyData(dataset, fitSpec(dataset)).data, STATE_WIDTH);
  const expected = Float64Array.from(run.expected.flatMap((row) => [...row]));
  const residuals = data.reward.map((r, i) => r - expected[data.offsets[i]! + data.chosen[i]!]!);
  const mean = residuals.reduce((sum, x) => sum + x, 0) / residuals.length;
  const visitors: number[][] = [];
  data.visitor.forEach((visitor, i) => {
    visitors[visitor] ??= [];
    visitors[visitor].push(i);
  });
  // Centred: then the expected rewards are the truth of this population, to the last digit.
  return { name, data, expected, residuals: residuals.map((x) => x - mean), visitors };
}

/** Columns of a state that are kept: thousands of reward models are fitted, and the gate is not about features. */
const STATE_WIDTH = 8;

/** The same decisions with only the columns that vary most. */
function narrowed(data: PolicyData, width: number): PolicyData {
  const full = data.sessionWidth + data.contextWidth;
  const column = (k: number) => Array.from({ length: data.count }, (_, i) => data.states[i * full + k]!);
  const variance = Array.from({ length: full }, (_, k) => {
    const values = column(k);
    const mean = values.reduce((sum, x) => sum + x, 0) / data.count;
    return values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  });
  const kept = [...variance.keys()].sort((a, b) => variance[b]! - variance[a]!).slice(0, width);
  const states = new Float32Array(data.count * kept.length);
  for (let i = 0; i < data.count; i++) {
    kept.forEach((k, at) => {
      states[i * kept.length + at] = data.states[i * full + k]!;
    });
  }
  return { ...data, states, sessionWidth: 0, contextWidth: kept.length };
}

/** A policy that likes what is good (by `quality`) and, for no reason, some promotions and decisions, [rows]. */
export function someonesPolicy(
  { data, expected }: Population,
  quality: number,
  random: Random,
): Float64Array {
  const whim = data.promotions.map(() => random.normal());
  const spread = Math.sqrt(expected.reduce((sum, x) => sum + x * x, 0) / expected.length);
  return softmaxRows(
    data,
    (row) => 3 * quality * (expected[row]! / spread) + whim[data.promotion[row]!]! + 0.7 * random.normal(),
  );
}

/** True value a decision of a policy over the population. */
export function trueValue({ data, expected }: Population, rows: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < expected.length; row++) sum += rows[row]! * expected[row]!;
  return sum / data.count;
}

/** share * left + (1 - share) * right, row by row. */
export const mixture = (left: Float64Array, right: Float64Array, share: number): Float64Array =>
  left.map((p, row) => share * p + (1 - share) * right[row]!);

export interface DrawnLog {
  data: PolicyData;
  /** Of each row of the log, its row in the population. */
  rows: Int32Array;
}

/** Visitors drawn with replacement, each a visitor of its own; actions by `logging`, rewards with the world's noise. */
export function drawLog(
  population: Population,
  logging: Float64Array,
  visitors: number,
  seed: string,
): DrawnLog {
  const random = seeded(`log/${population.name}/${seed}`);
  const decisions: { place: number; visitor: number }[] = [];
  for (let visitor = 0; visitor < visitors; visitor++) {
    const own = population.visitors[random.int(population.visitors.length)]!;
    for (const place of own) decisions.push({ place, visitor });
  }
  return logOf(population, decisions, logging, random);
}

function logOf(
  { data, expected, residuals }: Population,
  decisions: readonly { place: number; visitor: number }[],
  logging: Float64Array,
  random: Random,
): DrawnLog {
  const n = decisions.length;
  const width = data.sessionWidth + data.contextWidth;
  const offsets = new Int32Array(n + 1);
  decisions.forEach(({ place }, i) => {
    offsets[i + 1] = offsets[i]! + data.offsets[place + 1]! - data.offsets[place]!;
  });
  const rows = new Int32Array(offsets[n]!);
  const meaningWidth = data.meaning.length / data.offsets[data.count]!;
  const log: PolicyData = {
    ...data,
    ...{ count: n, offsets },
    states: new Float32Array(n * width),
    promotion: new Int32Array(rows.length),
    meaning: new Float32Array(rows.length * meaningWidth),
    lasting: { ...data.lasting, adds: new Float32Array(rows.length) },
    chosen: new Int32Array(n),
    reward: new Float64Array(n),
    propensity: new Float64Array(n),
    next: new Int32Array(n).fill(-1),
    visitor: Int32Array.from(decisions, ({ visitor }) => visitor),
  };
  decisions.forEach(({ place }, i) => {
    const from = data.offsets[place]!;
    const count = data.offsets[place + 1]! - from;
    for (let j = 0; j < count; j++) rows[offsets[i]! + j] = from + j;
    log.states.set(data.states.subarray(place * width, (place + 1) * width), i * width);
    log.promotion.set(data.promotion.subarray(from, from + count), offsets[i]!);
    log.lasting.adds.set(data.lasting.adds.subarray(from, from + count), offsets[i]!);
    log.meaning.set(
      data.meaning.subarray(from * meaningWidth, (from + count) * meaningWidth),
      offsets[i]! * meaningWidth,
    );
    let left = random.next();
    let j = 0;
    while (j < count - 1 && left >= logging[from + j]!) left -= logging[from + j++]!;
    log.chosen[i] = j;
    log.propensity[i] = logging[from + j]!;
    log.reward[i] = expected[from + j]! + residuals[random.int(residuals.length)]!;
  });
  return { data: log, rows };
}

/** Probabilities proportional to exp(score) in each decision, none below 2 %, [rows]. */
function softmaxRows(data: PolicyData, score: (row: number) => number): Float64Array {
  const out = new Float64Array(data.offsets[data.count]!);
  for (let i = 0; i < data.count; i++) {
    const [from, to] = [data.offsets[i]!, data.offsets[i + 1]!];
    let sum = 0;
    for (let row = from; row < to; row++) {
      out[row] = Math.exp(score(row));
      sum += out[row]!;
    }
    const floor = Math.min(0.02, 1 / (to - from));
    for (let row = from; row < to; row++) out[row] = floor + (1 - floor * (to - from)) * (out[row]! / sum);
  }
  return out;
}
