/**
 * The layer that keeps learning on the device, from this shopper's own outcomes: a Bayesian linear model over frozen
 * traits of promotions.
 *
 *   outcome(a) = expected[a] + level + sum over traits t of a of w[t] + noise,   w[t] ~ N(0, variance of t's kind)
 *   Q'(s, a)   = Q(s, a) + sum over traits t of a of worth of t's kind x E[w[t] | outcomes], within +-bound
 *
 * Every number of it comes with the release, estimated by the trainer from how far shoppers differ: where they differ in
 * nothing that Q does not know, a release brings none and Q stays as it is. An outcome is whether the shopper clicked and
 * bought, not what was earned: devices know no margins.
 */

import type { BehaviourEvent } from '../event.ts';
import { type OutcomeFacts, outcomeOf } from '../outcome.ts';
import { NONE_ID, type Promotion, type PromotionType } from '../promotion.ts';

/** What promotions have in common, from all of them to each alone. */
export const TRAIT_KINDS = ['level', 'shown', 'off', 'type', 'own'] as const;
export type TraitKind = (typeof TRAIT_KINDS)[number];

/** Published in first.json. */
export interface Adaptation {
  /** Most that Q is moved by, in the log's own unit. */
  bound: number;
  /** How long after a decision, or until the next one, what happens is its outcome. */
  windowMs: number;
  /** What a click on the promotion and a purchase count for. */
  click: number;
  purchase: number;
  /** Mean outcome by promotion. From one that is not in here nothing is learned. */
  expected: Readonly<Record<string, number>>;
  /** Variance of an outcome about what is expected of this shopper. */
  noise: number;
  /** `variance`, in outcomes squared; `worth`, reward for each unit of outcome. `level` moves all alike: worth 0. */
  kinds: Readonly<Record<TraitKind, { variance: number; worth: number }>>;
}

/** A decision of the past: what was shown, or none. */
export interface PastDecision {
  /** Epoch milliseconds. */
  ts: number;
  action: string;
}

export interface ObservedOutcome {
  action: string;
  clicked: boolean;
  bought: boolean;
}

/** Costs and prices play no part in whether something was bought. */
const NO_FACTS: OutcomeFacts = {
  priceOf: () => undefined,
  costOf: () => undefined,
  promotionOf: () => undefined,
};

/**
 * What came of the decisions whose windows are closed: by their time, or by the next decision.
 * @param decisions, events of one shopper, oldest first
 * @param now epoch milliseconds
 */
export function observedOutcomes(
  decisions: readonly PastDecision[],
  events: readonly BehaviourEvent[],
  windowMs: number,
  now: number,
): ObservedOutcome[] {
  const rule = { windowMs, clickReward: 0, marginShare: 0 };
  return decisions.flatMap((decision, i) => {
    const nextAt = decisions[i + 1]?.ts;
    if (nextAt === undefined && now < decision.ts + windowMs) return [];
    const following = events.filter(({ ts }) => ts !== undefined && ts >= decision.ts);
    const { clicked, purchases } = outcomeOf(decision, following, nextAt, NO_FACTS, rule);
    return [{ action: decision.action, clicked, bought: purchases > 0 }];
  });
}

/** An outcome as one number. */
export const outcomeValue = (
  { clicked, bought }: Pick<ObservedOutcome, 'clicked' | 'bought'>,
  { click, purchase }: Pick<Adaptation, 'click' | 'purchase'>,
): number => (clicked ? click : 0) + (bought ? purchase : 0);

/** Types that give something else, or nothing, where all others take off what is paid. */
export const NOT_OFF: ReadonlySet<PromotionType> = new Set(['none', 'message', 'gift', 'loyalty_points']);

/** Places of each promotion's traits among all of them, and the kind of each. */
export interface Traits {
  kinds: readonly TraitKind[];
  /** `none` has the level alone. */
  of: ReadonlyMap<string, readonly number[]>;
}

export function traitsOf(promotions: readonly Pick<Promotion, 'id' | 'terms'>[]): Traits {
  const places = new Map<string, number>();
  const kinds: TraitKind[] = [];
  const place = (kind: TraitKind, name = ''): number => {
    const known = places.get(`${kind} ${name}`);
    if (known !== undefined) return known;
    places.set(`${kind} ${name}`, kinds.length);
    return kinds.push(kind) - 1;
  };
  const level = place('level');
  const of = new Map<string, readonly number[]>([[NONE_ID, [level]]]);
  for (const { id, terms } of promotions) {
    if (id === NONE_ID) continue;
    const off = NOT_OFF.has(terms.type) ? [] : [place('off')];
    of.set(id, [level, place('shown'), ...off, place('type', terms.type), place('own', id)]);
  }
  return { kinds, of };
}

/** Of the weights of all traits: mean [traits] and covariance [traits, traits]. */
export interface Posterior {
  mean: Float64Array;
  covariance: Float64Array;
}

/** Before any outcome. */
export function priorOf({ kinds }: Traits, by: Adaptation['kinds']): Posterior {
  const width = kinds.length;
  const covariance = new Float64Array(width * width);
  kinds.forEach((kind, t) => {
    covariance[t * width + t] = by[kind].variance;
  });
  return { mean: new Float64Array(width), covariance };
}

/**
 * One outcome by recursive least squares, in place: the posterior stays that of ridge regression on all outcomes so far
 * (Bishop 2006, section 3.3.1). O(traits^2).
 * @param own places of the promotion's traits
 * @param deviation the outcome less what is expected of the promotion
 */
export function learn(
  { mean, covariance }: Posterior,
  own: readonly number[],
  deviation: number,
  noise: number,
): void {
  const width = mean.length;
  const reach = mean.map((_, i) => own.reduce((sum, t) => sum + covariance[i * width + t]!, 0));
  const variance = own.reduce((sum, t) => sum + reach[t]!, noise);
  const surprise = own.reduce((left, t) => left - mean[t]!, deviation) / variance;
  for (let i = 0; i < width; i++) {
    mean[i]! += reach[i]! * surprise;
    for (let j = 0; j < width; j++) covariance[i * width + j]! -= (reach[i]! * reach[j]!) / variance;
  }
}

/** What is added to Q, by promotion: none of it larger than the bound. */
export function correctionsOf(
  { kinds, of }: Traits,
  { mean }: Posterior,
  { kinds: by, bound }: Pick<Adaptation, 'kinds' | 'bound'>,
): Record<string, number> {
  const worth = (t: number): number => by[kinds[t]!].worth * mean[t]!;
  return Object.fromEntries(
    [...of].map(([id, own]) => [
      id,
      within(
        bound,
        own.reduce((sum, t) => sum + worth(t), 0),
      ),
    ]),
  );
}

/** Everything from what a device keeps to what it adds to Q. */
export function learnedFrom(
  outcomes: readonly ObservedOutcome[],
  promotions: readonly Pick<Promotion, 'id' | 'terms'>[],
  adaptation: Adaptation,
): Record<string, number> {
  const traits = traitsOf(promotions);
  const posterior = priorOf(traits, adaptation.kinds);
  for (const outcome of outcomes) {
    const own = traits.of.get(outcome.action);
    const expected = adaptation.expected[outcome.action];
    if (own === undefined || typeof expected !== 'number') continue;
    learn(posterior, own, outcomeValue(outcome, adaptation) - expected, adaptation.noise);
  }
  return correctionsOf(traits, posterior, adaptation);
}

const within = (bound: number, x: number): number => Math.max(-bound, Math.min(bound, x));
