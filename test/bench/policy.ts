/**
 * How much of what can be earned a policy learned from 50,000 logged decisions earns, in every world, against a
 * leaderboard of simpler policies that learned from the same logs. What the same sources and setting have measured is
 * read back, so that a run that was stopped goes on where it was.
 */

import { BadInput } from '../../shared/errors.ts';
import { NONE_ID, type Promotion } from '../../shared/promotion.ts';
import { seeded } from '../../shared/random.ts';
import {
  bestFixed,
  dqnPolicy,
  rulesPolicy,
  tabularPolicy,
  treesPolicy,
} from '../../trainer-server/policy/baselines.ts';
import { fitSpec } from '../../trainer-server/policy/fit-spec.ts';
import { linearBandit, thompsonPolicy, upliftPolicy } from '../../trainer-server/policy/linear-baselines.ts';
import { policyOf } from '../../trainer-server/policy/policy-of.ts';
import { preparePolicyData, surroundingsOf } from '../../trainer-server/policy/prepare.ts';
import {
  createWorld,
  fitOracle,
  fixedPolicy,
  type RunResult,
  runWorld,
  type SimulatedPolicy,
  UNIFORM,
  WORLD_NAMES,
  type World,
} from '../../trainer-server/simulate/index.ts';
import { manyPromotions } from '../helpers/many-promotions.ts';
import { remembered } from '../helpers/remembered.ts';
import { syntheticCatalogue } from '../helpers/synthetic-catalogue.ts';
import { decisionEngine, trainedModel } from '../helpers/trained-policy.ts';
import { favouringLog, uniformLog } from '../helpers/uniform-log.ts';
import type { Bench, BenchOptions } from './bench.ts';
import { figuresOf, LEARNED, ORACLE, percent, type Round, shareOf, total } from './policy-shares.ts';

interface Setting {
  worlds: readonly string[];
  seeds: readonly number[];
  logged: number;
  /** Decisions on which every policy is valued, the same shoppers for all. */
  valued: number;
  oracleContexts: number;
  /** What the log shows most; absent where it shows all alike. */
  favourite?: string;
  /** How many promotions there are besides none; the simulator's own where absent. */
  promotions?: number;
  /** Whether they are known by their ids alone to all but the oracle. */
  ids?: true;
  /** Perturbed twin of each world that policies are valued in, against its own oracle; absent where in the world itself. */
  twin?: number;
}

export const bench: Bench = {
  summary:
    'profit of a learned policy in six worlds: share of the oracle, against a leaderboard of simpler ones',
  async run(options) {
    const setting = settingOf(options);
    const rounds: Record<string, Round[]> = {};
    // Seed by seed, so that a run that is stopped has seen every world.
    for (const seed of setting.seeds) {
      for (const world of setting.worlds) {
        const { worlds: _, seeds: __, twin, ...key } = setting;
        const round = await play(world, seed, key, options, twin);
        rounds[world] = [...(rounds[world] ?? []), round];
        const { allKnowing, seconds } = round;
        options.say(
          `${world} ${seed}  all-knowing ${percent(allKnowing)}, trained in ${seconds.toFixed(0)} s`,
        );
      }
    }
    const names = Object.keys(Object.values(rounds)[0]![0]!.gains);
    options.say('');
    for (const [world, own] of Object.entries(rounds)) {
      const line = names.map((name) => `${name} ${percent(shareOf(own, name).share)}`).join(', ');
      options.say(`${world.padEnd(18)} ${line}`);
    }
    return figuresOf(rounds);
  },
};

function settingOf({
  quick,
  full,
  world: worlds = WORLD_NAMES,
  favourite,
  promotions,
  ids,
  twin,
  ...options
}: BenchOptions): Setting {
  const strange = worlds.find((name) => !WORLD_NAMES.includes(name));
  if (strange !== undefined)
    throw new BadInput({ field: '--world' }, `one of ${WORLD_NAMES.join(', ')}`, strange);
  const whole = (field: string, value: number | undefined): void => {
    if (value !== undefined && !(Number.isInteger(value) && value >= 1))
      throw new BadInput({ field }, 'a whole number from 1', String(value));
  };
  const count = options.seeds ?? (full ? 10 : quick ? 1 : 3);
  whole('--seeds', count);
  whole('--logged', options.logged);
  whole('--promotions', promotions);
  whole('--twin', twin);
  const seeds = Array.from({ length: count }, (_, i) => i + 1);
  const own = {
    ...{ worlds, seeds },
    ...(favourite === undefined ? {} : { favourite }),
    ...(promotions === undefined ? {} : { promotions }),
    ...(ids ? { ids } : {}),
    ...(twin === undefined ? {} : { twin }),
  };
  const size = quick
    ? { logged: 10_000, valued: 2500, oracleContexts: 5000 }
    : { logged: 50_000, valued: 6000, oracleContexts: 12_000 };
  return { ...own, ...size, logged: options.logged ?? size.logged };
}

/** Remembers a measurement until one of these modules changes. */
type Keep = <T>(what: string, modules: readonly string[], measure: () => Promise<T>) => Promise<T>;

const WORLD = ['trainer-server/simulate/index.ts', 'test/helpers/synthetic-catalogue.ts'];
const BASELINES = [
  'trainer-server/policy/baselines.ts',
  'trainer-server/policy/linear-baselines.ts',
  'trainer-server/policy/prepare.ts',
];
const LEARNING = ['trainer-server/policy/train-policy.ts'];
const DECIDING = ['trainer-server/policy/policy-of.ts', 'trainer-server/policy/export-policy.ts'];

type Key = Pick<Setting, 'logged' | 'valued' | 'oracleContexts' | 'favourite' | 'promotions' | 'ids'>;

/**
 * Values every policy on the same shoppers; each is built only where its gains are not remembered.
 * @param twin in which they are valued, all of them but the oracle having learned in the world itself
 */
export async function play(
  name: string,
  seed: number,
  key: Key,
  { say, against }: Pick<BenchOptions, 'say' | 'against'>,
  twin?: number,
): Promise<Round> {
  const products = syntheticCatalogue(300, seed);
  const shop = { currency: 'EUR', locale: 'en', attributes: {}, slots: [] };
  const categories = [...new Set(products.map(({ category }) => category[0]!))];
  const promotions = key.promotions === undefined ? [] : manyPromotions(key.promotions, categories);
  const worldOf = (own: string) => createWorld({ name: own, products, promotions, shop, seed });
  const world = worldOf(name);
  const judge = twin === undefined ? world : worldOf(`${name}~${twin}`);
  const there = twin === undefined ? '' : ` in twin ${twin}`;
  const keep: Keep = (what, modules, measure) =>
    remembered({ name, seed, ...key, what }, [...WORLD, ...modules], measure);
  const value = (policy: SimulatedPolicy) =>
    runWorld(judge, policy, { decisions: key.valued, seed: `value ${seed}` });
  const none = once(() => value(fixedPolicy(NONE_ID)));
  const { favourite } = key;
  if (favourite !== undefined && !world.promotions.some(({ id }) => id === favourite))
    throw new BadInput(
      { field: '--favourite' },
      `one of ${world.promotions.map(({ id }) => id).join(', ')}`,
      favourite,
    );
  const { policies, trained } = leaderboard(world, judge, seed, key, keep);
  const gains: Record<string, Float64Array> = {};
  for (const [policy, { build, modules }] of wanted(policies, against)) {
    gains[policy] = await keep(`gain of ${policy}${there}`, modules, async () =>
      paired(await value(await build()), await none()),
    );
    const { share, error } = shareOf([{ gains }], policy);
    say(`${name}${there} ${seed}  ${policy.padEnd(16)} ${percent(share)} +- ${(196 * error).toFixed(1)}`);
  }
  const { seconds } = await trained();
  const { decisions, most } = await keep(`all-knowing${there}`, [], async () => {
    const { visitors, expected, decisions: made } = await value(UNIFORM);
    const gain = expected.map((each, i) => Math.max(...each) - each[made[i]!.eligible.indexOf(NONE_ID)]!);
    return {
      decisions: visitors.decisions.reduce((sum, n) => sum + n, 0),
      most: total(Float64Array.from(gain)),
    };
  });
  return { gains, decisions, allKnowing: most / total(gains[ORACLE]!), seconds };
}

/** Policies by name; each learns from the same log when it is asked for. */
function leaderboard(
  world: World,
  judge: World,
  seed: number,
  { logged, oracleContexts, favourite, ids }: Key,
  keep: Keep,
) {
  const dataset = once(async () => {
    const log =
      favourite === undefined
        ? await uniformLog(world, logged, seed)
        : await favouringLog(world, favourite, logged, seed);
    return ids ? { ...log, promotions: log.promotions.map(knownById) } : log;
  });
  const around = once(async () => {
    const own = await dataset();
    const spec = fitSpec(own);
    return { spec, surroundings: surroundingsOf(own, spec) };
  });
  const prepared = once(async () => {
    const { spec, surroundings } = await around();
    return { ...preparePolicyData(await dataset(), spec), spec, surroundings };
  });
  const trained = () =>
    keep('training', LEARNING, async () => {
      const own = await dataset();
      const began = performance.now();
      const model = await trainedModel(own, seed);
      return { model, seconds: (performance.now() - began) / 1000 };
    });
  const random = (name: string) => seeded(`baseline ${name} ${seed}`);
  const policies: Record<string, { modules: readonly string[]; build: () => Promise<SimulatedPolicy> }> = {
    // First: what the others are a share of.
    [ORACLE]: {
      modules: [],
      build: () => fitOracle(judge, { contexts: oracleContexts, seed: `oracle ${seed}` }),
    },
    [LEARNED]: {
      modules: [...LEARNING, ...DECIDING],
      build: async () => {
        const { model } = await trained();
        const { surroundings } = await around();
        const { decisionModel, engine } = decisionEngine(model, surroundings);
        return policyOf(LEARNED, decisionModel, engine, { greedy: true });
      },
    },
    'linear bandit': {
      modules: BASELINES,
      build: async () => {
        const { data, surroundings } = await prepared();
        return linearBandit(data, surroundings);
      },
    },
    'linear Thompson': {
      modules: BASELINES,
      build: async () => {
        const { data, surroundings } = await prepared();
        return thompsonPolicy(data, surroundings, random('thompson'));
      },
    },
    'boosted trees': {
      modules: BASELINES,
      build: async () => {
        const { data, surroundings } = await prepared();
        return treesPolicy(data, surroundings, random('trees'));
      },
    },
    'plain DQN': {
      modules: BASELINES,
      build: async () => {
        const { data, surroundings, spec } = await prepared();
        return dqnPolicy(data, spec.promotions.length, surroundings, random('dqn'));
      },
    },
    'two-model uplift': {
      modules: BASELINES,
      build: async () => {
        const { data, surroundings } = await prepared();
        return upliftPolicy(data, surroundings);
      },
    },
    'tabular Q': {
      modules: BASELINES,
      build: async () => {
        const { data, surroundings } = await prepared();
        return tabularPolicy(data, surroundings);
      },
    },
    rules: { modules: BASELINES, build: async () => rulesPolicy(world.promotions) },
    'best fixed': { modules: BASELINES, build: async () => fixedPolicy(bestFixed((await prepared()).data)) },
    uniform: { modules: [], build: async () => UNIFORM },
  };
  return { policies, trained };
}

/** A shop that names its promotions and says nothing else of them. */
const knownById = ({ id, terms }: Promotion): Promotion =>
  terms.type === 'none' ? { id, terms } : { id, terms: { type: 'message' } };

/** The oracle, the learned policy, and those of the simpler ones that were asked for. */
function wanted<T>(policies: Record<string, T>, against?: readonly string[]): [string, T][] {
  const simpler = Object.keys(policies).filter((name) => name !== ORACLE && name !== LEARNED);
  const strange = against?.find((name) => !simpler.includes(name));
  if (strange !== undefined)
    throw new BadInput({ field: '--against' }, `one of ${simpler.join(', ')}`, strange);
  return Object.entries(policies).filter(
    ([name]) => !simpler.includes(name) || (against ?? simpler).includes(name),
  );
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** Reward above no promotion, by visitor: the same visitors in both runs. */
function paired(run: RunResult, none: RunResult): Float64Array {
  return run.visitors.reward.map((reward, i) => reward - none.visitors.reward[i]!);
}
