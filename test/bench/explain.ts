/**
 * Do explanations name what matters? Two questions, by withholding one group of facts at a time:
 *
 * - Faithful: does the policy's lead fall, and its choice change, by what is named rather than by what is called idle?
 * - True: does the simulated world's own expected lead of that promotion fall, too, where a model that shares nothing with
 *   the policy is told the same facts (helpers/informed-truth.ts)? And what does the shopper truly give less for the
 *   choice that the policy makes without the fact?
 *
 * Answers of the world are compared in what is expected, not by which of two promotions a single shopper would truly have
 * answered better: of a good policy's choices, too, hardly six in ten stand up to that, whatever explains them.
 */

import { argmax } from '../../shared/choose.ts';
import { type DecisionModel, weigh } from '../../shared/decide.ts';
import type { DecisionRequest } from '../../shared/decision.ts';
import { explainDecision, leadToldOf } from '../../shared/explain/explain-decision.ts';
import { FACTS, type Fact, withOnly } from '../../shared/explain/facts.ts';
import { shapley } from '../../shared/explain/shapley.ts';
import { digestOf } from '../../shared/features/digest.ts';
import { surroundingsOf } from '../../trainer-server/policy/prepare.ts';
import { createWorld, runWorld, UNIFORM } from '../../trainer-server/simulate/index.ts';
import { clusteredMean } from '../../trainer-server/uplift/clustered-mean.ts';
import { fitInformedTruth, type InformedTruth } from '../helpers/informed-truth.ts';
import { remembered } from '../helpers/remembered.ts';
import { syntheticCatalogue } from '../helpers/synthetic-catalogue.ts';
import { decisionEngine, trainedModel } from '../helpers/trained-policy.ts';
import { uniformLog } from '../helpers/uniform-log.ts';
import type { Bench, Figures } from './bench.ts';

interface Setting {
  logged: number;
  explained: number;
  /** Contexts from which the world's own answers are learned. */
  contexts: number;
}

const FULL: Setting = { logged: 20_000, explained: 2500, contexts: 10_000 };
const QUICK: Setting = { logged: 6000, explained: 600, contexts: 4000 };
const SEED = 11;
const LEARNING = ['trainer-server/policy/train-policy.ts', 'trainer-server/simulate/index.ts'];

export const bench: Bench = {
  summary: 'explanations: faithful to the policy, and true of simulated shoppers; their time',
  async run({ quick, say }) {
    const { logged, explained, contexts } = quick ? QUICK : FULL;
    const shop = { currency: 'EUR', locale: 'en', attributes: {}, slots: [] };
    const products = syntheticCatalogue(300, SEED);
    const world = createWorld({ name: 'stationary', products, promotions: [], shop, seed: SEED });
    const dataset = await uniformLog(world, logged, SEED);
    const trained = await remembered({ bench: 'explain', logged }, LEARNING, () =>
      trainedModel(dataset, SEED),
    );
    const { decisionModel, engine } = decisionEngine(trained, surroundingsOf(dataset, trained.spec));
    say(`policy learned from ${logged} decisions`);
    const truth = await fitInformedTruth(world, decisionModel, contexts, SEED);
    say(`the world's answers learned from ${contexts} contexts`);
    const fresh = await runWorld(world, UNIFORM, { decisions: explained, seed: `explained ${SEED}` });
    const judged: Judged[] = [];
    const times: number[] = [];
    for (const [i, request] of fresh.decisions.entries()) {
      const rewards = new Map(request.eligible.map((id, j) => [id, fresh.expected[i]![j]!]));
      const one = await judge(request, rewards, decisionModel, engine, truth, times);
      if (one !== undefined) judged.push({ ...one, visitor: request.visitor });
    }
    say(`${judged.length} decisions with two groups of facts or more`);
    times.sort((a, b) => a - b);
    return {
      ...figuresOf(judged),
      explained: judged.length,
      p50_ms: times[times.length >> 1]!,
      p95_ms: times[Math.floor(0.95 * times.length)]!,
    };
  },
};

type Runner = ReturnType<typeof decisionEngine>['engine'];

/** Of one explained decision; lists are by group of facts. */
interface Judged {
  visitor: string;
  facts: readonly Fact[];
  /** Place of the group that speaks most for the promotion, and of the one that weighs least either way. */
  named: number;
  idle: number;
  /** Shapley values of the policy's lead, and of the world's expected lead of the same promotion over the same other. */
  said: readonly number[];
  meant: readonly number[];
  /** By how much either lead falls where that group alone is withheld. */
  drop: readonly number[];
  trueDrop: readonly number[];
  /** Whether the policy then chooses otherwise, and what the shopper truly gives less for that. */
  flipped: readonly boolean[];
  lost: readonly number[];
}

async function judge(
  request: DecisionRequest,
  rewards: ReadonlyMap<string, number>,
  model: DecisionModel,
  engine: Runner,
  truth: InformedTruth,
  times: number[],
): Promise<Omit<Judged, 'visitor'> | undefined> {
  const chosen = await bestOf(request, model, engine);
  const began = performance.now();
  const why = await explainDecision(request, chosen, model, engine);
  times.push(performance.now() - began);
  if (why === undefined || why.contributions.length < 2) return undefined;
  const facts = why.contributions.map(({ fact }) => fact);
  const said = why.contributions.map(({ value }) => value);
  const digest = digestOf(request, model);
  const leadTold = leadToldOf(digest, [chosen, why.against], model, engine);
  // Groups of which there is nothing are known: that there is nothing.
  const none = FACTS.filter((fact) => !facts.includes(fact));
  const worlds = await shapley(facts.length, (set) => trueLead(facts.filter((_, i) => set & (1 << i))));
  function trueLead(told: readonly Fact[]): number {
    const expected = truth(request, new Set([...none, ...told]));
    return expected[chosen]! - expected[why!.against]!;
  }
  const drop: number[] = [];
  const trueDrop: number[] = [];
  const flipped: boolean[] = [];
  const lost: number[] = [];
  for (const fact of facts) {
    const others = facts.filter((each) => each !== fact);
    drop.push(why.lead - (await leadTold(new Set(others))));
    trueDrop.push(worlds.whole - trueLead(others));
    const instead = await bestOf(withOnly(digest, new Set(others)), model, engine);
    flipped.push(instead !== chosen);
    lost.push(rewards.get(chosen)! - rewards.get(instead)!);
  }
  const named = argmax(said);
  const idle = argmax(said.map((value, i) => (i === named ? -Infinity : -Math.abs(value))));
  return { facts, named, idle, said, meant: worlds.values, drop, trueDrop, flipped, lost };
}

async function bestOf(request: DecisionRequest, model: DecisionModel, engine: Runner): Promise<string> {
  const { candidates, net } = await weigh(request, model, engine);
  return candidates[argmax(net)]!.id;
}

function figuresOf(judged: readonly Judged[]): Figures {
  const cluster = judged.map(({ visitor }) => Number(visitor.slice(1)));
  const share = (name: string, of: (one: Judged) => number): Figures => {
    const { value, low, high } = clusteredMean(judged.map(of), cluster);
    return { [name]: value, [`${name}_low`]: low, [`${name}_high`]: high };
  };
  const usual = mostOften(judged.map(({ facts, meant }) => facts[argmax(meant)]!));
  return {
    ...share('deletion_agreement', ({ trueDrop, named, idle }) => above(trueDrop[named]!, trueDrop[idle]!)),
    ...share('faithful_agreement', ({ drop, named, idle }) => above(drop[named]!, drop[idle]!)),
    ...share('named_drops_most', ({ drop, named }) => (argmax(drop) === named ? 1 : 0)),
    ...share('named_is_true', ({ meant, named }) => (argmax(meant) === named ? 1 : 0)),
    ...share('true_correlation', correlated(judged)),
    // What naming any group, and always the one that is most often true, would come to.
    chance_any: clusteredMean(
      judged.map(({ facts }) => 1 / facts.length),
      cluster,
    ).value,
    chance_usual: clusteredMean(
      judged.map(({ facts, meant }) => (facts[argmax(meant)] === usual ? 1 : 0)),
      cluster,
    ).value,
    choice_changed_named: mean(judged.map(({ flipped, named }) => (flipped[named] ? 1 : 0))),
    choice_changed_idle: mean(judged.map(({ flipped, idle }) => (flipped[idle] ? 1 : 0))),
    true_reward_lost_named: mean(judged.map(({ lost, named }) => lost[named]!)),
    true_reward_lost_idle: mean(judged.map(({ lost, idle }) => lost[idle]!)),
    ...share('true_reward_lost_more', ({ lost, named, idle }) => lost[named]! - lost[idle]!),
  };
}

const above = (x: number, y: number): number => (Math.sign(x - y) + 1) / 2;
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

function mostOften(facts: readonly Fact[]): Fact {
  const counts = FACTS.map((fact) => facts.filter((each) => each === fact).length);
  return FACTS[argmax(counts)]!;
}

/**
 * Of what is said of a group with what is true of it, beyond what is said and true of that group on average: each
 * decision's part in it.
 */
function correlated(judged: readonly Judged[]): (one: Judged) => number {
  const about = new Map(
    FACTS.map((fact) => {
      const of = (list: 'said' | 'meant') =>
        mean(judged.flatMap((one) => one[list].filter((_, i) => one.facts[i] === fact)));
      return [fact, { said: of('said'), meant: of('meant') }] as const;
    }),
  );
  const products = (one: Judged, a: 'said' | 'meant', b: 'said' | 'meant'): number =>
    one.facts.reduce((sum, fact, i) => {
      const { [a]: left, [b]: right } = about.get(fact)!;
      return sum + (one[a][i]! - left) * (one[b][i]! - right);
    }, 0);
  const size = Math.sqrt(
    mean(judged.map((one) => products(one, 'said', 'said'))) *
      mean(judged.map((one) => products(one, 'meant', 'meant'))),
  );
  return (one) => products(one, 'said', 'meant') / size;
}
