/** How often the evidence gate ships what harms, and what helps, where the truth is known. */

import { seeded } from '../../shared/random.ts';
import { runningRelease } from '../../trainer-server/evaluate/base-policy.ts';
import { type Verdict, verdictOn } from '../../trainer-server/evaluate/gate.ts';
import { WORLD_NAMES } from '../../trainer-server/simulate/index.ts';
import {
  drawLog,
  mixture,
  type Population,
  populationOf,
  someonesPolicy,
  trueValue,
} from '../helpers/releases.ts';
import type { Bench, BenchOptions, Figures } from './bench.ts';

interface Setting {
  /** Simulated decisions of each world from which logs are drawn. */
  population: number;
  /** Visitors of a log. */
  visitors: number;
  /** Pairs of running policy and candidates in each world. */
  pairs: number;
  /** Logs of each pair with a harmful candidate, with a good one, and with several harmful ones in a row. */
  harmful: number;
  good: number;
  repeated: number;
  /** Logs on which a candidate's standard error is found beforehand: with few, "3 standard errors" is 3 in name alone. */
  pilots: number;
}

const FULL: Setting = {
  population: 2000,
  visitors: 300,
  pairs: 4,
  harmful: 42,
  good: 7,
  repeated: 6,
  pilots: 6,
};
const QUICK: Setting = { ...FULL, population: 1500, pairs: 2, harmful: 8, good: 6, repeated: 2, pilots: 3 };
/** Candidates judged one after the other on the same log. */
const TRIES = 5;
const CORRECTIONS = 3;
/** MDE = (1.960 + 0.842) standard errors at the first try. */
const ERRORS_IN_MDE = 2.8016;

/** A running policy, a candidate that is worse and one that is better, and how the log was made. */
interface Pair {
  population: Population;
  logging: Float64Array;
  running: Float64Array;
  worse: Float64Array;
  better: Float64Array;
}

export const bench: Bench = {
  summary: 'evidence gate: harmful releases shipped, power for a gain of three standard errors',
  async run(options) {
    const setting = options.quick ? QUICK : FULL;
    const counts = {
      harmful: 0,
      bad: 0,
      good: 0,
      shipped: 0,
      series: 0,
      badSeries: 0,
      detectable: 0,
      share: 0,
      errors: 0,
      worlds: 0,
    };
    for (const name of WORLD_NAMES) {
      const population = await populationOf(name, setting.population, 1);
      const before = { ...counts };
      for (let p = 0; p < setting.pairs; p++) judgePair(pairOf(population, p), setting, counts, `${p}`);
      counts.worlds++;
      say(name, before, counts, options);
    }
    return figuresOf(counts);
  },
};

type Counts = Record<
  | 'harmful'
  | 'bad'
  | 'good'
  | 'shipped'
  | 'series'
  | 'badSeries'
  | 'detectable'
  | 'share'
  | 'errors'
  | 'worlds',
  number
>;

/** Every other pair was logged by a policy with a taste of its own, the others evenly. */
function pairOf(population: Population, p: number): Pair {
  const random = seeded(`pair/${population.name}/${p}`);
  const running = someonesPolicy(population, 0.1, random.fork('running'));
  const even = population.data.offsets;
  const uniform = running.map(() => 0);
  for (let i = 0; i < population.data.count; i++) {
    uniform.fill(1 / (even[i + 1]! - even[i]!), even[i]!, even[i + 1]!);
  }
  const taste = someonesPolicy(population, 0.2, random.fork('logging'));
  const other = (quality: number, wanted: (gain: number) => boolean): Float64Array => {
    for (let k = 0; k < 50; k++) {
      const rows = someonesPolicy(population, quality, random.fork(`other ${quality} ${k}`));
      if (wanted(trueValue(population, rows) - trueValue(population, running))) return rows;
    }
    throw new Error(`no ${quality > 1 ? 'better' : 'worse'} policy found in ${population.name}`);
  };
  return {
    population,
    logging: p % 2 === 0 ? uniform : mixture(taste, uniform, 0.5),
    running,
    worse: other(-0.5, (gain) => gain < 0),
    better: other(2.5, (gain) => gain > 0),
  };
}

function judgePair(pair: Pair, wanted: Setting, counts: Counts, name: string): void {
  const { population, running, better } = pair;
  const setting = withPower(pair, wanted, name);
  const error = pilotError(pair, better, setting, name);
  const barely = withGain(pair, -0.2 * error);
  for (let k = 0; k < setting.harmful; k++) {
    const { shipped } = verdict(pair, k % 2 === 0 ? barely : pair.worse, setting, `${name}/harmful/${k}`);
    counts.harmful++;
    counts.bad += shipped ? 1 : 0;
  }
  // The error depends on the candidate, so that its gain is corrected until it is three of its own errors.
  let good = withGain(pair, 3 * error);
  for (let k = 0; k < CORRECTIONS; k++)
    good = withGain(pair, 3 * pilotError(pair, good, setting, `${name}/good`));
  let squares = 0;
  for (let k = 0; k < setting.good; k++) {
    const { shipped, minimumDetectableEffect } = verdict(pair, good, setting, `${name}/good/${k}`);
    counts.good++;
    counts.shipped += shipped ? 1 : 0;
    counts.detectable += minimumDetectableEffect ?? 0;
    counts.share += (minimumDetectableEffect ?? 0) / trueValue(population, running);
    squares += ((minimumDetectableEffect ?? Number.NaN) / ERRORS_IN_MDE) ** 2;
  }
  const gain = trueValue(population, good) - trueValue(population, running);
  counts.errors += (setting.good * gain) / Math.sqrt(squares / setting.good);
  for (let k = 0; k < setting.repeated; k++) {
    const tried = Array.from({ length: TRIES }, (_, t) => {
      const share = seeded(`try/${name}/${k}/${t}`).next();
      const candidate = mixture(barely, withGain(pair, -0.5 * error * share, share), 0.5);
      return verdict(pair, candidate, setting, `${name}/repeated/${k}`, t + 1).shipped;
    });
    counts.series++;
    counts.badSeries += tried.some((shipped) => shipped) ? 1 : 0;
  }
}

/** Logs long enough that the better policy gains more than three standard errors: worlds differ in their noise. */
function withPower(pair: Pair, setting: Setting, name: string): Setting {
  const gain = trueValue(pair.population, pair.better) - trueValue(pair.population, pair.running);
  const errors = gain / pilotError(pair, pair.better, setting, `${name}/length`);
  const longer = Math.min(3, Math.max(1, (3.6 / errors) ** 2));
  return { ...setting, visitors: Math.round(setting.visitors * longer) };
}

/** The candidate whose true gain over the running policy is this: between the worse one and the better, or beyond. */
function withGain({ population, running, better, worse }: Pair, gain: number, whim = 0): Float64Array {
  const value = trueValue(population, running);
  const up = trueValue(population, better) - value;
  const down = trueValue(population, worse) - value;
  const share = Math.min(1, Math.max(0, (gain - down) / (up - down)));
  const mixed = mixture(better, worse, share);
  return whim === 0 ? mixed : mixture(mixed, running, 1 - whim / 2);
}

/** Root mean square of the standard errors on logs of their own. */
function pilotError(pair: Pair, candidate: Float64Array, setting: Setting, name: string): number {
  let squares = 0;
  for (let k = 0; k < setting.pilots; k++) {
    const { minimumDetectableEffect } = verdict(pair, candidate, setting, `${name}/pilot/${k}`);
    squares += ((minimumDetectableEffect ?? 0) / ERRORS_IN_MDE) ** 2;
  }
  return Math.sqrt(squares / setting.pilots);
}

function verdict(pair: Pair, candidate: Float64Array, setting: Setting, seed: string, tries = 1): Verdict {
  const { data, rows } = drawLog(pair.population, pair.logging, setting.visitors, seed);
  const at = (policy: Float64Array): Float64Array => Float64Array.from(rows, (row) => policy[row]!);
  return verdictOn({
    ...{
      data,
      target: at(candidate),
      base: runningRelease(at(pair.running), data),
      propensity: data.propensity,
    },
    ...{ against: 'running', refresh: false, tries, rails: [], notes: [], random: seeded(seed) },
  });
}

function say(world: string, before: Counts, now: Counts, options: BenchOptions): void {
  const since = (name: keyof Counts): number => now[name] - before[name];
  options.say(
    `${world.padEnd(18)} harmful shipped ${since('bad')} of ${since('harmful')}, good shipped ${since('shipped')} of ${since('good')}, ` +
      `detectable ${(since('detectable') / since('good')).toPrecision(3)} a decision`,
  );
}

function figuresOf(counts: Counts): Figures {
  return {
    bad_shipped_rate: counts.bad / counts.harmful,
    power_at_3se: counts.shipped / counts.good,
    minimum_detectable_effect: counts.detectable / counts.good,
    gain_in_standard_errors: counts.errors / counts.good,
    minimum_detectable_share: counts.share / counts.good,
    repeated_tries_bad_rate: counts.badSeries / counts.series,
    releases: counts.harmful,
    worlds: counts.worlds,
  };
}
