/** How much of what can be earned a policy learned from 50,000 logged decisions earns, against simpler ones. */

import { argmax } from '../../shared/choose.ts';
import { NONE_ID } from '../../shared/promotion.ts';
import { bestFixed, linearBandit, tabularPolicy } from '../../trainer-server/policy/baselines.ts';
import { policyOf } from '../../trainer-server/policy/policy-of.ts';
import { surroundingsOf } from '../../trainer-server/policy/train-policy.ts';
import {
  createWorld,
  fitOracle,
  fixedPolicy,
  type RunResult,
  runWorld,
  type SimulatedPolicy,
  UNIFORM,
  type World,
} from '../../trainer-server/simulate/index.ts';
import { syntheticCatalogue } from '../helpers/synthetic-catalogue.ts';
import { decisionEngine, trainedModel } from '../helpers/trained-policy.ts';
import type { Bench, BenchOptions, Figures } from './bench.ts';

interface Setting {
  worlds: readonly string[];
  seeds: number;
  logged: number;
  /** Decisions on which every policy is valued, the same shoppers for all. */
  valued: number;
  oracleContexts: number;
}

const FULL: Setting = {
  worlds: ['stationary'],
  seeds: 3,
  logged: 50_000,
  valued: 20_000,
  oracleContexts: 20_000,
};
const QUICK: Setting = {
  worlds: ['stationary'],
  seeds: 1,
  logged: 10_000,
  valued: 5000,
  oracleContexts: 6000,
};

/** One world and seed. Gains are over no promotion, summed by visitor so that they can be paired. */
interface Round {
  gains: Record<string, Float64Array>;
  decisions: number;
  allKnowing: number;
  seconds: number;
}

export const bench: Bench = {
  summary: 'profit of a learned policy: share of the oracle, against uniform, best fixed, tabular and linear',
  async run(options) {
    const setting = { ...(options.quick ? QUICK : FULL), ...(options.full ? { seeds: 10 } : {}) };
    const rounds: Record<string, Round[]> = {};
    for (const world of setting.worlds) {
      rounds[world] = [];
      for (let seed = 1; seed <= setting.seeds; seed++) {
        const round = await play(world, seed, setting, options);
        rounds[world].push(round);
        for (const name of Object.keys(round.gains)) {
          const { share, error } = shareOf([round], name);
          options.say(
            `${world} ${seed}  ${name.padEnd(14)} ${(100 * share).toFixed(1)} % +- ${(196 * error).toFixed(1)}`,
          );
        }
        options.say(
          `${world} ${seed}  all-knowing    ${(100 * round.allKnowing).toFixed(1)} %, trained in ${round.seconds.toFixed(0)} s`,
        );
      }
    }
    return figuresOf(rounds, setting);
  },
};

async function play(name: string, seed: number, setting: Setting, { say }: BenchOptions): Promise<Round> {
  const products = syntheticCatalogue(300, seed);
  const shop = { currency: 'EUR', locale: 'en', attributes: {}, slots: [] };
  const world = createWorld({ name, products, promotions: [], shop, seed });
  const log = await runWorld(world, UNIFORM, { decisions: setting.logged, seed: `log ${seed}` });
  say(`${name} ${seed}  ${log.decisions.length} decisions logged`);
  const { policies, seconds } = await learned(world, log, seed);
  const oracle = await fitOracle(world, { contexts: setting.oracleContexts, seed: `oracle ${seed}` });
  const value = (policy: SimulatedPolicy) =>
    runWorld(world, policy, { decisions: setting.valued, seed: `value ${seed}` });
  const none = await value(fixedPolicy(NONE_ID));
  const gains: Record<string, Float64Array> = {};
  for (const policy of [...policies, oracle]) gains[policy.name] = paired(await value(policy), none);
  const uniform = await value(UNIFORM);
  gains.uniform = paired(uniform, none);
  const best = uniform.expected.reduce((sum, expected) => sum + Math.max(...expected), 0);
  const nothing = uniform.expected.reduce(
    (sum, expected, i) => sum + expected[uniform.decisions[i]!.eligible.indexOf(NONE_ID)]!,
    0,
  );
  const decisions = none.visitors.decisions.reduce((sum, n) => sum + n, 0);
  const perDecision = total(gains.oracle!) / decisions;
  const allKnowing = (best - nothing) / uniform.expected.length / perDecision;
  return { gains, decisions, allKnowing, seconds };
}

async function learned(world: World, log: RunResult, seed: number) {
  const dataset = {
    decisions: log.decisions,
    events: log.events,
    products: [...world.catalogue.products],
    promotions: [...world.promotions],
    shop: world.shop,
  };
  const began = performance.now();
  const { model, data } = await trainedModel(dataset, seed);
  const seconds = (performance.now() - began) / 1000;
  const surroundings = surroundingsOf(dataset, model.spec);
  const { decisionModel, engine } = decisionEngine(model, surroundings);
  const policies = [
    policyOf('learned', decisionModel, engine, { greedy: true }),
    linearBandit(data, surroundings),
    tabularPolicy(data, surroundings),
    { ...fixedPolicy(bestFixed(data)), name: 'best fixed' },
  ];
  return { policies, seconds };
}

/** Reward above no promotion, by visitor: the same visitors in both runs. */
function paired(run: RunResult, none: RunResult): Float64Array {
  return run.visitors.reward.map((reward, i) => reward - none.visitors.reward[i]!);
}

const total = (values: Float64Array): number => values.reduce((sum, x) => sum + x, 0);

/** Share of the oracle's gain, the mean over rounds, with the linearised standard error over visitors. */
function shareOf(rounds: readonly Round[], name: string): { share: number; error: number } {
  const each = rounds.map(({ gains }) => {
    const [ours, oracle] = [gains[name]!, gains.oracle!];
    const share = total(ours) / total(oracle);
    const squares = ours.reduce((sum, x, i) => sum + (x - share * oracle[i]!) ** 2, 0);
    return { share, error: Math.sqrt(squares) / total(oracle) };
  });
  return {
    share: each.reduce((sum, { share }) => sum + share, 0) / each.length,
    error: Math.sqrt(each.reduce((sum, { error }) => sum + error ** 2, 0)) / each.length,
  };
}

const BASELINES = ['uniform', 'best fixed', 'tabular', 'linear bandit'];

function figuresOf(rounds: Record<string, Round[]>, setting: Setting): Figures {
  const all = Object.values(rounds).flat();
  const { share, error } = shareOf(all, 'learned');
  const baselines = BASELINES.map((name) => shareOf(all, name).share);
  const lead = Object.values(rounds).map((own) => {
    const best = BASELINES[argmax(BASELINES.map((name) => shareOf(own, name).share))]!;
    return leadOver(own, best);
  });
  return {
    share_of_oracle: share,
    share_of_oracle_low: share - 1.96 * error,
    worlds: setting.worlds.length,
    seeds: setting.seeds,
    best_baseline_share: Math.max(...baselines),
    ...Object.fromEntries(BASELINES.map((name, i) => [`${name.replace(' ', '_')}_share`, baselines[i]!])),
    all_knowing_share: all.reduce((sum, round) => sum + round.allKnowing, 0) / all.length,
    worlds_won: lead.filter(({ mean }) => mean > 0).length,
    worlds_significant: lead.filter(({ mean, error }) => mean - 1.96 * error > 0).length,
    train_s: all.reduce((sum, { seconds }) => sum + seconds, 0) / all.length,
  };
}

/** Lead over another policy, in shares of the oracle's gain, paired by visitor. */
function leadOver(rounds: readonly Round[], name: string): { mean: number; error: number } {
  const each = rounds.map(({ gains }) => {
    const differences = gains.learned!.map((x, i) => x - gains[name]![i]!);
    const oracle = total(gains.oracle!);
    return {
      mean: total(differences) / oracle,
      error: Math.sqrt(differences.reduce((s, d) => s + d * d, 0)) / oracle,
    };
  });
  return {
    mean: each.reduce((sum, { mean }) => sum + mean, 0) / each.length,
    error: Math.sqrt(each.reduce((sum, { error }) => sum + error ** 2, 0)) / each.length,
  };
}
