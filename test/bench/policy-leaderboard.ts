/** The policies that `bench -- policy` compares: the oracle, the learned one and simpler ones, all from one log. */

import { BadInput } from '../../shared/errors.ts';
import type { Promotion } from '../../shared/promotion.ts';
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
  fitOracle,
  fixedPolicy,
  type SimulatedPolicy,
  UNIFORM,
  type World,
} from '../../trainer-server/simulate/index.ts';
import { decisionEngine, trainedModel } from '../helpers/trained-policy.ts';
import { favouringLog, uniformLog } from '../helpers/uniform-log.ts';
import { LEARNED, ORACLE } from './policy-shares.ts';

/** What a measurement depends on beside world, seed and sources. */
export interface LogKey {
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
}

/** Remembers a measurement until one of these modules changes. */
export type Keep = <T>(what: string, modules: readonly string[], measure: () => Promise<T>) => Promise<T>;

const BASELINES = [
  'trainer-server/policy/baselines.ts',
  'trainer-server/policy/linear-baselines.ts',
  'trainer-server/policy/prepare.ts',
];
const LEARNING = ['trainer-server/policy/train-policy.ts'];
const DECIDING = ['trainer-server/policy/policy-of.ts', 'trainer-server/policy/export-policy.ts'];

/** Policies by name; each learns from the same log when it is asked for. */
export function leaderboard(
  world: World,
  judge: World,
  seed: number,
  { logged, oracleContexts, favourite, ids }: LogKey,
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
export function wanted<T>(policies: Record<string, T>, against?: readonly string[]): [string, T][] {
  const simpler = Object.keys(policies).filter((name) => name !== ORACLE && name !== LEARNED);
  const strange = against?.find((name) => !simpler.includes(name));
  if (strange !== undefined)
    throw new BadInput({ field: '--against' }, `one of ${simpler.join(', ')}`, strange);
  return Object.entries(policies).filter(
    ([name]) => !simpler.includes(name) || (against ?? simpler).includes(name),
  );
}

export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
