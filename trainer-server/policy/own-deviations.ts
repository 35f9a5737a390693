/** How far shoppers differ, what a device would have believed of each before a decision, and what that is worth. */

import {
  type Adaptation,
  learn,
  priorOf,
  TRAIT_KINDS,
  type TraitKind,
  type Traits,
} from '../../shared/policy/adaptation.ts';
import { accumulate, factorOf, type Normal, normalOf, solveFactored } from './ridge.ts';
import { borneOut } from './stack.ts';

/** One shopper's decisions, oldest first; entry i of each belongs together. */
export interface Deviations {
  /** On which shoppers a fit is judged; any whole number. */
  fold: number;
  /** Places of the shown promotion's traits. */
  traits: readonly (readonly number[])[];
  /** The outcome less the promotion's mean outcome. */
  deviation: readonly number[];
  /** Reward less Q. */
  unexplained: readonly number[];
}

export type Variances = Record<TraitKind, number>;

const KINDS = TRAIT_KINDS.length;
/** Share of an outcome's variance that is noise at least. */
const LEAST_NOISE = 0.1;

/**
 * Variances of shoppers' own deviations, none below 0, by least squares of the products of outcomes of a shopper's
 * decisions on the kinds of traits that both share; a shopper weighs as much as they have decisions.
 */
export function variancesOf(
  lives: readonly Deviations[],
  { kinds }: Pick<Traits, 'kinds'>,
): { variances: Variances; noise: number } {
  const width = kinds.length;
  const kindOf = kinds.map((kind) => TRAIT_KINDS.indexOf(kind));
  const gram = new Float64Array(KINDS * KINDS);
  const moment = new Float64Array(KINDS);
  const having = new Float64Array(KINDS);
  let [squares, decisions] = [0, 0];
  for (const { traits, deviation } of lives) {
    const together = new Float64Array(width * width);
    const sum = new Float64Array(width);
    const square = new Float64Array(width);
    traits.forEach((own, i) => {
      const y = deviation[i]!;
      squares += y * y;
      decisions++;
      for (const t of own) {
        having[kindOf[t]!]!++;
        sum[t]! += y;
        square[t]! += y * y;
        for (const u of own) together[t * width + u]!++;
      }
    });
    const weight = 1 / Math.max(1, traits.length - 1);
    for (let t = 0; t < width; t++) {
      if (together[t * width + t] === 0) continue;
      moment[kindOf[t]!]! += (weight * (sum[t]! ** 2 - square[t]!)) / 2;
      for (let u = 0; u < width; u++) {
        const both = together[t * width + u]!;
        gram[kindOf[t]! * KINDS + kindOf[u]!]! += (weight * both * (both - 1)) / 2;
      }
    }
  }
  // Kinds that cannot be told apart (one promotion of each type) share what they explain.
  const tie = 1e-6 * Math.max(...TRAIT_KINDS.map((_, k) => gram[k * KINDS + k]!));
  const found = solveFromZero({ gram, moment, width: KINDS }, tie);
  const total = squares / Math.max(1, decisions);
  const own = found.reduce((all, x, k) => all + (x * having[k]!) / Math.max(1, decisions), 0);
  return {
    variances: Object.fromEntries(TRAIT_KINDS.map((kind, k) => [kind, found[k]!])) as Variances,
    noise: Math.max(LEAST_NOISE * total, total - own, Number.MIN_VALUE),
  };
}

/**
 * Least squares whose solution may not fall below 0, but for the places in `free`: what does is left out, the lowest
 * first.
 */
function solveFromZero(
  { gram, moment, width }: Pick<Normal, 'gram' | 'moment' | 'width'>,
  penalty: number,
  free: readonly number[] = [],
): Float64Array {
  const out = new Float64Array(width);
  const entry = (a: number, b: number): number => gram[Math.max(a, b) * width + Math.min(a, b)]!;
  let active = [...moment.keys()].filter((k) => entry(k, k) > 0);
  while (active.length > 0) {
    const part: Normal = {
      ...normalOf(active.length - 1),
      gram: Float64Array.from(active.flatMap((a) => active.map((b) => entry(a, b)))),
      moment: Float64Array.from(active, (a) => moment[a]!),
    };
    const solved = solveFactored(factorOf(part, penalty), part.moment);
    const below = active.map((a, k) => (free.includes(a) ? 0 : Math.min(0, solved[k]!)));
    const lowest = below.indexOf(Math.min(...below));
    if (below[lowest] === 0) {
      active.forEach((a, k) => {
        out[a] = solved[k]!;
      });
      break;
    }
    active = active.filter((_, k) => k !== lowest);
  }
  return out;
}

/** What a device would have believed before a decision. */
export interface Belief {
  life: number;
  fold: number;
  /** By TRAIT_KINDS: the sum of the believed deviations of the shown promotion's traits. */
  believed: readonly number[];
  unexplained: number;
}

export function beliefsOf(
  lives: readonly Deviations[],
  traits: Traits,
  kinds: Adaptation['kinds'],
  noise: number,
): Belief[] {
  return lives.flatMap(({ fold, traits: shown, deviation, unexplained }, life) => {
    const posterior = priorOf(traits, kinds);
    return shown.map((own, i) => {
      const believed = TRAIT_KINDS.map((kind) =>
        own.reduce((sum, t) => sum + (traits.kinds[t] === kind ? posterior.mean[t]! : 0), 0),
      );
      learn(posterior, own, deviation[i]!, noise);
      return { life, fold, believed, unexplained: unexplained[i]! };
    });
  });
}

export interface Worth {
  /** Reward for each unit of outcome; the level's moves no choice. */
  worth: Partial<Record<TraitKind, number>>;
  /** Standard errors, clustered by shopper, by which left-out shoppers speak for it. */
  errors: number;
}

/** @param penalty ridge penalty in observations */
export function worthOf(
  beliefs: readonly Belief[],
  { folds, penalty }: { folds: number; penalty: number },
): Worth {
  const fits = Array.from({ length: folds }, (_, fold) =>
    fitWorth(
      beliefs.filter((belief) => belief.fold % folds !== fold),
      penalty,
    ),
  );
  const predicted = new Float64Array(beliefs.length);
  const left = new Float64Array(beliefs.length);
  beliefs.forEach(({ believed, fold, unexplained }, i) => {
    const [level, ...worths] = fits[fold % folds]!;
    const constant = worths.pop()!;
    left[i] = unexplained - constant - level! * believed[0]!;
    predicted[i] = worths.reduce((sum, each, k) => sum + each * believed[k + 1]!, 0);
  });
  const { weight, errors } = borneOut(
    predicted,
    left,
    Int32Array.from(beliefs, ({ life }) => life),
  );
  const whole = fitWorth(beliefs, penalty);
  const worth = Object.fromEntries(
    TRAIT_KINDS.map((kind, k) => [kind, kind === 'level' ? 0 : weight * whole[k]!]),
  );
  return { worth, errors };
}

/** Weights of beliefs by TRAIT_KINDS, then the constant. An outcome better than expected never speaks against. */
function fitWorth(beliefs: readonly Belief[], penalty: number): number[] {
  const normal = normalOf(KINDS);
  for (const { believed, unexplained } of beliefs) accumulate(normal, believed, unexplained);
  return [...solveFromZero(normal, penalty, [TRAIT_KINDS.indexOf('level'), KINDS])];
}
