/**
 * What a release tells devices about learning on: how far shoppers differ in what follows from promotions, and what such
 * a difference is worth beyond what Q knows already. Estimated from a log in three steps:
 *
 *   1. Variances of shoppers' own deviations, by the products of outcomes of the same visitor's decisions regressed on
 *      what their promotions share (Haseman and Elston 1972; MINQUE(0) of Rao 1970).
 *   2. With them, what a device would have believed before each decision.
 *   3. Worth: what Q left unexplained, regressed on those beliefs; each kind of trait has its own.
 *
 * Beliefs must speak for themselves on left-out visitors, by `errors` standard errors, or the release brings nothing and
 * devices stay as they are. Q reads what shoppers were shown, clicked and redeemed at every decision, so that is the rule
 * rather than the exception: README.md has figures.
 */

import { OUTCOME_RULE, type OutcomeRule } from '../../shared/outcome.ts';
import {
  type Adaptation,
  type ObservedOutcome,
  outcomeValue,
  TRAIT_KINDS,
  type TraitKind,
  type Traits,
  traitsOf,
} from '../../shared/policy/adaptation.ts';
import type { Promotion } from '../../shared/promotion.ts';
import { hash32 } from '../../shared/random.ts';
import { beliefsOf, type Deviations, variancesOf, worthOf } from './own-deviations.ts';
import type { PolicyDataset } from './prepare.ts';
import { outcomesOf, rewardedDecisions } from './rewards.ts';

export interface AdaptationOptions {
  /** Weights of a click and a purchase that compete, by what left-out visitors say. */
  weights: readonly { click: number; purchase: number }[];
  /** Fewest decisions of a promotion from which its mean outcome is believed. */
  leastDecisions: number;
  /**
   * Standard errors, clustered by visitor, by which beliefs must speak for themselves on left-out visitors: as seldom by
   * chance for the best of the four weights as 2 would be for one of them (Bonferroni).
   */
  errors: number;
  folds: number;
  /** Ridge penalty of the worths, in observations. */
  penalty: number;
  /** Quantile of what Q leaves unexplained beyond which it is cut: few large orders are most of its noise. */
  cut: number;
  /** Most that Q is moved by, in units of exploration (the typical lead of the best promotion). */
  bound: number;
}

export const ADAPTATION: AdaptationOptions = {
  weights: [
    { click: 1, purchase: 0 },
    { click: 0, purchase: 1 },
    { click: 1, purchase: 1 },
    { click: 1, purchase: 3 },
  ],
  leastDecisions: 50,
  errors: 2.5,
  folds: 3,
  penalty: 1,
  cut: 0.99,
  bound: 1,
};

/** One shopper's decisions, oldest first. */
interface Life {
  visitor: string;
  outcomes: readonly ObservedOutcome[];
  /** Reward less Q of each, in the log's own unit. */
  unexplained: readonly number[];
}

/**
 * @param q the released head's values at the logged decisions' eligible promotions, one after another
 * @param unit of exploration, in the log's own unit
 * @returns undefined where devices are to learn nothing, and why in words
 */
export function adaptationOf(
  dataset: PolicyDataset,
  q: Float32Array,
  unit: number,
  options: AdaptationOptions = ADAPTATION,
): { adaptation?: Adaptation; note: string } {
  const lives = livesOf(dataset, q, OUTCOME_RULE, options.cut);
  if (lives === undefined) return { note: 'the log has no events that tell what followed a decision' };
  const attempts = options.weights.map((weights) => attempt(lives, dataset.promotions, weights, options));
  const best = attempts.reduce((a, b) => (b.errors > a.errors ? b : a));
  const said = `left-out visitors speak for it by ${best.errors.toFixed(1)} standard errors`;
  if (!(best.errors >= options.errors)) return { note: `devices learn nothing on: ${said}` };
  const bound = options.bound * unit;
  return {
    adaptation: { bound, windowMs: OUTCOME_RULE.windowMs, ...best.learned },
    note: `devices learn on, by at most ${bound.toPrecision(3)}: ${said}`,
  };
}

/** By visitor; undefined where outcomes cannot be seen. */
function livesOf(
  dataset: PolicyDataset,
  q: Float32Array,
  rule: OutcomeRule,
  cut: number,
): Life[] | undefined {
  const { decisions } = rewardedDecisions(dataset);
  const outcomes = outcomesOf({ ...dataset, decisions }, rule);
  if (outcomes.every((outcome) => outcome === undefined)) return undefined;
  let from = 0;
  const left = decisions.map(({ reward, action, eligible }) => {
    const own = reward - q[from + eligible.indexOf(action)]!;
    from += eligible.length;
    return own;
  });
  const most = left.map(Math.abs).sort((a, b) => a - b)[Math.floor(cut * (left.length - 1))] ?? 0;
  const lives = new Map<string, { visitor: string; outcomes: ObservedOutcome[]; unexplained: number[] }>();
  decisions.forEach(({ visitor, action }, i) => {
    const outcome = outcomes[i];
    if (outcome === undefined) return;
    const life = lives.get(visitor) ?? { visitor, outcomes: [], unexplained: [] };
    life.outcomes.push({ action, clicked: outcome.clicked, bought: outcome.purchases > 0 });
    life.unexplained.push(Math.max(-most, Math.min(most, left[i]!)));
    lives.set(visitor, life);
  });
  return [...lives.values()];
}

type Learned = Omit<Adaptation, 'bound' | 'windowMs'>;

/** What a log says when outcomes are counted so. */
function attempt(
  lives: readonly Life[],
  promotions: readonly Promotion[],
  weights: { click: number; purchase: number },
  options: AdaptationOptions,
): { learned: Learned; errors: number } {
  const traits = traitsOf(promotions);
  const known = knownOutcomes(lives, traits, weights, options.leastDecisions);
  const { variances, noise } = variancesOf(known.lives, traits);
  const kinds = (worth: Partial<Record<TraitKind, number>>): Adaptation['kinds'] =>
    Object.fromEntries(
      TRAIT_KINDS.map((kind) => [kind, { variance: variances[kind], worth: worth[kind] ?? 0 }]),
    ) as Adaptation['kinds'];
  const believed = beliefsOf(known.lives, traits, kinds({}), noise);
  const { worth, errors } = worthOf(believed, options);
  return { learned: { ...weights, expected: known.expected, noise, kinds: kinds(worth) }, errors };
}

function knownOutcomes(
  lives: readonly Life[],
  traits: Traits,
  weights: { click: number; purchase: number },
  least: number,
): { lives: Deviations[]; expected: Record<string, number> } {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { outcomes } of lives) {
    for (const outcome of outcomes) {
      const entry = sums.get(outcome.action) ?? { sum: 0, count: 0 };
      entry.sum += outcomeValue(outcome, weights);
      entry.count++;
      sums.set(outcome.action, entry);
    }
  }
  const expected = new Map(
    [...sums].flatMap(([id, { sum, count }]) =>
      count >= least && traits.of.has(id) ? [[id, sum / count]] : [],
    ),
  );
  const deviations = lives.map(({ visitor, outcomes, unexplained }) => {
    const kept = [...outcomes.keys()].filter((i) => expected.has(outcomes[i]!.action));
    return {
      fold: hash32(visitor),
      traits: kept.map((i) => traits.of.get(outcomes[i]!.action)!),
      deviation: kept.map((i) => outcomeValue(outcomes[i]!, weights) - expected.get(outcomes[i]!.action)!),
      unexplained: kept.map((i) => unexplained[i]!),
    };
  });
  return { lives: deviations, expected: Object.fromEntries(expected) };
}
