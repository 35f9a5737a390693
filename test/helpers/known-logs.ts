/** Logs of worlds so small that the value of every policy is a finite sum: what intervals are checked against. */

import type { LoggedDecision } from '../../shared/decision.ts';
import { NONE, type Promotion } from '../../shared/promotion.ts';
import { type Random, seeded } from '../../shared/random.ts';
import type { SimulatedPolicy } from '../../trainer-server/simulate/index.ts';
import type { TrialDataset } from './trials.ts';

export interface Scenario {
  name: string;
  decisions: number;
  promotions: number;
  /** Least probability of the logging policy; the rest follows a taste of its own. 1 is uniform. */
  floor: number;
  /** Draws a reward of the given mean; `shared` is what all decisions of a visitor have in common. */
  reward(mean: number, random: Random, shared: number): number;
  /** Most decisions of a visitor. */
  perVisitor?: number;
  /** Effects that no linear model of the attributes can hold. */
  crossed?: boolean;
}

const purchase =
  (worth: (random: Random) => number, rate: number) =>
  (mean: number, random: Random): number =>
    random.next() < rate * mean ? worth(random) / rate : 0;

/** Lognormal of mean 1. */
const lognormal = (sigma: number) => (random: Random) =>
  Math.exp(sigma * random.normal() - (sigma * sigma) / 2);

export const SCENARIOS: readonly Scenario[] = [
  { name: 'uniform', decisions: 1000, promotions: 4, floor: 1, reward: (m, r) => m + r.normal() },
  { name: 'skewed', decisions: 1500, promotions: 4, floor: 0.12, reward: (m, r) => m + r.normal() },
  { name: 'heavy tails', decisions: 2000, promotions: 4, floor: 0.4, reward: purchase(lognormal(1), 0.15) },
  { name: 'rare orders', decisions: 2000, promotions: 4, floor: 0.4, reward: purchase(() => 1, 0.04) },
  {
    name: 'clustered visitors',
    decisions: 1500,
    promotions: 4,
    floor: 0.4,
    perVisitor: 12,
    reward: (m, r, shared) => m + shared + r.normal(),
  },
  { name: 'small', decisions: 250, promotions: 3, floor: 0.6, reward: (m, r) => m + r.normal() },
  { name: 'many promotions', decisions: 1500, promotions: 20, floor: 1, reward: (m, r) => m + r.normal() },
  {
    name: 'wrong model',
    decisions: 1500,
    promotions: 4,
    floor: 0.3,
    crossed: true,
    reward: (m, r) => m + r.normal(),
  },
];

const TASTES = ['tea', 'coffee', 'water'];
const AGES = [20, 35, 50, 65];

interface Context {
  taste: number;
  age: number;
}
const CONTEXTS: Context[] = TASTES.flatMap((_, taste) => AGES.map((_, age) => ({ taste, age })));

/** Probabilities proportional to exp(score), mixed with uniform so that none is below floor / n. */
function softmax(scores: readonly number[], floor: number): number[] {
  const exps = scores.map((score) => Math.exp(score));
  const sum = exps.reduce((total, x) => total + x, 0);
  return exps.map((x) => floor / scores.length + (1 - floor) * (x / sum));
}

/** The mean reward, logging and target policy of a scenario, all functions of a context. */
function worldOf(scenario: Scenario) {
  const random = seeded(`world/${scenario.name}`);
  const draws = () => CONTEXTS.map(() => Array.from({ length: scenario.promotions }, () => random.normal()));
  const [own, taste, likes] = [draws(), draws(), draws()];
  const additive = ({ taste: t, age: a }: Context, j: number): number =>
    0.25 * taste[t]![j]! + 0.15 * taste[TASTES.length + a]![j]!;
  const index = (context: Context): number => context.taste * AGES.length + context.age;
  const mean = (context: Context, j: number): number =>
    Math.max(0.05, 1 + (scenario.crossed ? 0.5 * own[index(context)]![j]! : additive(context, j)));
  const promotions = Array.from({ length: scenario.promotions }, (_, j) => j);
  return {
    mean,
    logging: (context: Context) =>
      softmax(
        promotions.map((j) => 2 * likes[context.taste]![j]!),
        scenario.floor,
      ),
    target: (context: Context) =>
      softmax(
        promotions.map((j) => 3 * (mean(context, j) - 1)),
        0.1,
      ),
  };
}

export interface KnownLog {
  dataset: TrialDataset;
  target: SimulatedPolicy;
  /** Value of the target a decision, exact. */
  truth: number;
}

export function knownLog(scenario: Scenario, seed: number): KnownLog {
  const world = worldOf(scenario);
  const random = seeded(`known/${scenario.name}/${seed}`);
  const ids = [NONE.id, ...Array.from({ length: scenario.promotions - 1 }, (_, j) => `p${j + 1}`)];
  const decisions: LoggedDecision[] = [];
  for (let visitor = 0; decisions.length < scenario.decisions; visitor++) {
    const shared = random.normal();
    const times = 1 + random.int(scenario.perVisitor ?? 1);
    for (let time = 0; time < times; time++) {
      const context = CONTEXTS[random.int(CONTEXTS.length)]!;
      const p = world.logging(context);
      const at = drawn(p, random);
      decisions.push({
        id: `d${decisions.length}`,
        visitor: `v${visitor}`,
        history: [],
        attributes: { taste: TASTES[context.taste]!, age: AGES[context.age]! },
        eligible: [...ids],
        action: ids[at]!,
        propensity: p[at]!,
        reward: scenario.reward(world.mean(context, at), random, shared),
      });
    }
  }
  const promotions: Promotion[] = ids.map((id) =>
    id === NONE.id ? NONE : { id, terms: { type: 'message' } },
  );
  const shop = {
    currency: 'EUR',
    locale: 'en',
    attributes: { taste: 'category', age: 'number' },
    slots: [],
  } as TrialDataset['shop'];
  return {
    dataset: { decisions, events: [], products: [], promotions, shop },
    target: {
      name: 'target',
      probabilities: async (requests) =>
        requests.map(({ attributes }) =>
          world.target({
            taste: TASTES.indexOf(String(attributes!.taste)),
            age: AGES.indexOf(Number(attributes!.age)),
          }),
        ),
    },
    truth:
      CONTEXTS.reduce(
        (sum, context) => sum + world.target(context).reduce((v, p, j) => v + p * world.mean(context, j), 0),
        0,
      ) / CONTEXTS.length,
  };
}

function drawn(p: readonly number[], random: Random): number {
  let left = random.next();
  for (let j = 0; j < p.length; j++) {
    left -= p[j]!;
    if (left < 0) return j;
  }
  return p.length - 1;
}
