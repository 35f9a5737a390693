/**
 * How much of what can be earned a policy learned from 50,000 logged decisions earns, in every world, against a
 * leaderboard of simpler policies that learned from the same logs. What the same sources and setting have measured is
 * read back, so that a run that was stopped goes on where it was.
 */

import { BadInput } from '../../shared/errors.ts';
import { NONE_ID } from '../../shared/promotion.ts';
import {
  createWorld,
  fixedPolicy,
  type RunResult,
  runWorld,
  type SimulatedPolicy,
  UNIFORM,
  WORLD_NAMES,
} from '../../trainer-server/simulate/index.ts';
import { manyPromotions } from '../helpers/many-promotions.ts';
import { remembered } from '../helpers/remembered.ts';
import { syntheticCatalogue } from '../helpers/synthetic-catalogue.ts';
import type { Bench, BenchOptions } from './bench.ts';
import { type Keep, type LogKey, leaderboard, once, wanted } from './policy-leaderboard.ts';
import { figuresOf, ORACLE, percent, type Round, shareOf, total } from './policy-shares.ts';

interface Setting extends LogKey {
  worlds: readonly string[];
  seeds: readonly number[];
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

const WORLD = ['trainer-server/simulate/index.ts', 'test/helpers/synthetic-catalogue.ts'];
/**
 * Values every policy on the same shoppers; each is built only where its gains are not remembered.
 * @param twin in which they are valued, all of them but the oracle having learned in the world itself
 */
export async function play(
  name: string,
  seed: number,
  key: LogKey,
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

/** Reward above no promotion, by visitor: the same visitors in both runs. */
function paired(run: RunResult, none: RunResult): Float64Array {
  return run.visitors.reward.map((reward, i) => reward - none.visitors.reward[i]!);
}
