/**
 * Do explanations name what matters? Deletion test against the simulator's truth: of every decision the fact that
 * speaks most for it and the one that weighs least are deleted in turn, and the policy decides again. Where it then
 * decides differently, deleting the named fact should have cost more of the reward that the shopper truly gives.
 */

import { argmax } from '../../shared/choose.ts';
import { type DecisionModel, weigh } from '../../shared/decide.ts';
import type { DecisionRequest } from '../../shared/decision.ts';
import { type DecisionExplanation, explainDecision } from '../../shared/explain/explain-decision.ts';
import { type Fact, withOnly } from '../../shared/explain/facts.ts';
import { digestOf } from '../../shared/features/digest.ts';
import { surroundingsOf } from '../../trainer-server/policy/prepare.ts';
import {
  createWorld,
  type RunResult,
  runWorld,
  UNIFORM,
  type World,
} from '../../trainer-server/simulate/index.ts';
import { syntheticCatalogue } from '../helpers/synthetic-catalogue.ts';
import { decisionEngine, trainedModel } from '../helpers/trained-policy.ts';
import { uniformLog } from '../helpers/uniform-log.ts';
import type { Bench } from './bench.ts';

const SIZES = { full: { logged: 20_000, explained: 4000 }, quick: { logged: 6000, explained: 800 } };
const SEED = 11;

export const bench: Bench = {
  summary: 'explanations: deletion test against the true rewards of simulated shoppers, and their time',
  async run({ quick, say }) {
    const { logged, explained } = SIZES[quick ? 'quick' : 'full'];
    const shop = { currency: 'EUR', locale: 'en', attributes: {}, slots: [] };
    const world = createWorld({
      name: 'stationary',
      products: syntheticCatalogue(300, SEED),
      promotions: [],
      shop,
      seed: SEED,
    });
    const { model, engine } = await learned(world, logged);
    say(`learned from ${logged} decisions`);
    const fresh = await runWorld(world, UNIFORM, { decisions: explained, seed: `explained ${SEED}` });
    const { verdicts, lost, times } = await deletions(fresh, model, engine);
    const share = verdicts.reduce((sum, x) => sum + x, 0) / verdicts.length;
    const error = Math.sqrt((share * (1 - share)) / verdicts.length);
    say(`${verdicts.length} of ${times.length} explained decisions where the two deletions lead apart`);
    times.sort((a, b) => a - b);
    return {
      deletion_agreement: share,
      deletion_agreement_low: share - 1.96 * error,
      deletion_agreement_high: share + 1.96 * error,
      compared: verdicts.length,
      true_reward_lost_named: lost.named / times.length,
      true_reward_lost_idle: lost.idle / times.length,
      p50_ms: times[times.length >> 1]!,
      p95_ms: times[Math.floor(0.95 * times.length)]!,
    };
  },
};

type Runner = ReturnType<typeof decisionEngine>['engine'];

async function learned(world: World, decisions: number): Promise<{ model: DecisionModel; engine: Runner }> {
  const dataset = await uniformLog(world, decisions, SEED);
  const model = await trainedModel(dataset, SEED);
  const { decisionModel, engine } = decisionEngine(model, surroundingsOf(dataset, model.spec));
  return { model: decisionModel, engine };
}

interface Deletions {
  /** 1 where deleting the named fact cost more, 0 where less, 1/2 where the same. */
  verdicts: number[];
  /** True reward lost by deleting the named fact and the idle one, over all explained decisions. */
  lost: { named: number; idle: number };
  /** Of explaining, ms. */
  times: number[];
}

async function deletions(
  { decisions, expected }: RunResult,
  model: DecisionModel,
  engine: Runner,
): Promise<Deletions> {
  const verdicts: number[] = [];
  const times: number[] = [];
  const lost = { named: 0, idle: 0 };
  for (const [i, request] of decisions.entries()) {
    const chosen = await bestOf(request, model, engine);
    const began = performance.now();
    const why = chosen && (await explainDecision(request, chosen, model, engine));
    times.push(performance.now() - began);
    if (!why || why.contributions.length < 2) continue;
    const { named, idle } = extremes(why);
    const [without, other] = [
      await bestOf(deleted(request, why, named, model), model, engine),
      await bestOf(deleted(request, why, idle, model), model, engine),
    ];
    const truth = (id: string | undefined): number => expected[i]![request.eligible.indexOf(id!)]!;
    lost.named += truth(chosen) - truth(without);
    lost.idle += truth(chosen) - truth(other);
    if (without === other) continue;
    verdicts.push((Math.sign(truth(other) - truth(without)) + 1) / 2);
  }
  return { verdicts, lost, times };
}

/** The fact that speaks most for the promotion, and the one that weighs least either way. */
function extremes({ contributions }: DecisionExplanation): { named: Fact; idle: Fact } {
  const named = contributions[argmax(contributions.map(({ value }) => value))]!.fact;
  const others = contributions.filter(({ fact }) => fact !== named);
  return { named, idle: others[argmax(others.map(({ value }) => -Math.abs(value)))]!.fact };
}

function deleted(
  request: DecisionRequest,
  { contributions }: DecisionExplanation,
  fact: Fact,
  model: DecisionModel,
): DecisionRequest {
  const kept = contributions.map((each) => each.fact).filter((each) => each !== fact);
  return withOnly(digestOf(request, model), new Set(kept));
}

async function bestOf(
  request: DecisionRequest,
  model: DecisionModel,
  engine: Runner,
): Promise<string | undefined> {
  const { candidates, net } = await weigh(request, model, engine);
  return candidates[argmax(net)]?.id;
}
