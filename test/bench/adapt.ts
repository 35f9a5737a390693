/**
 * What devices earn that go on learning from their own shopper, against the very same policy left frozen: in a shop of
 * regulars whose browsing does not show what moves them, and in one where shoppers differ in nothing that the policy does
 * not know. The same shoppers, moment by moment the same luck.
 */

import { adaptationOf } from '../../trainer-server/policy/adaptation-prior.ts';
import { fitSpec } from '../../trainer-server/policy/fit-spec.ts';
import { policyOf } from '../../trainer-server/policy/policy-of.ts';
import { surroundingsOf } from '../../trainer-server/policy/prepare.ts';
import {
  createWorld,
  runWorld,
  type SimulatedPolicy,
  type World,
} from '../../trainer-server/simulate/index.ts';
import type { WorldParameters } from '../../trainer-server/simulate/worlds.ts';
import { adaptedPolicy } from '../helpers/adapted-policy.ts';
import { remembered } from '../helpers/remembered.ts';
import { syntheticCatalogue } from '../helpers/synthetic-catalogue.ts';
import { decisionEngine, trainedModel } from '../helpers/trained-policy.ts';
import { uniformLog } from '../helpers/uniform-log.ts';
import type { Bench } from './bench.ts';

interface Setting {
  seeds: readonly number[];
  logged: number;
  /** Decisions on which both kinds of device are valued. */
  valued: number;
}

const FULL: Setting = { seeds: [1, 2, 3], logged: 8000, valued: 16_000 };
const QUICK: Setting = { seeds: [1], logged: 8000, valued: 6000 };

/**
 * Shoppers who come often, have strong tastes in offers, and whose browsing tells nothing of them: their answers to
 * offers alone do. Chosen on seed 101, which is none of those above.
 */
const REGULARS: Partial<WorldParameters> = { clarity: 0, sessionsPerVisitor: 20, offerPull: 5 };
const DECILES = 10;

const LEARNING = ['trainer-server/policy/train-policy.ts', 'trainer-server/simulate/index.ts'];
/** What a measurement rests on: it is read back until one of them changes, so that a run that was stopped goes on. */
const MODULES = [
  ...LEARNING,
  'trainer-server/policy/adaptation-prior.ts',
  'trainer-server/policy/export-policy.ts',
  'test/helpers/adapted-policy.ts',
];

/** Reward of the same visitors. */
interface Pair {
  frozen: Float64Array;
  adapted: Float64Array;
  /** Of ten equal groups by number of decisions, fewest first, the one that each visitor is in. */
  decile: Int32Array;
}

interface Played {
  /** Absent where devices learn nothing: every decision is then the same. */
  pair?: Pair;
  note: string;
}

export const bench: Bench = {
  summary: 'profit of devices that learn on from their own shopper, against the same policy left frozen',
  async run({ quick, say }) {
    const setting = quick ? QUICK : FULL;
    const regulars: Played[] = [];
    const others: Played[] = [];
    for (const seed of setting.seeds) {
      for (const [name, own, all] of [
        ['regulars', REGULARS, regulars],
        ['stationary', {}, others],
      ] as const) {
        const { logged, valued } = setting;
        const played = await remembered({ name, own, seed, logged, valued }, MODULES, () =>
          play(worldOf(seed, own), seed, setting),
        );
        all.push(played);
        const { gain, low, high } = gainOf([played]);
        say(`${name} ${seed}  ${played.note}; gain ${percent(gain)} (${percent(low)} to ${percent(high)})`);
      }
    }
    const all = gainOf(regulars);
    const deciles = Array.from({ length: DECILES }, (_, decile) => gainOf(regulars, decile));
    deciles.forEach(({ gain, low, high }, i) => {
      say(`decile ${i + 1} by activity  ${percent(gain)} (${percent(low)} to ${percent(high)})`);
    });
    const nothingLeft = gainOf(others);
    return {
      gain_all: all.gain,
      gain_all_low: all.low,
      gain_all_high: all.high,
      gain_lowest_decile: deciles[0]!.gain,
      gain_lowest_decile_low: deciles[0]!.low,
      gain_highest_decile: deciles.at(-1)!.gain,
      gain_highest_decile_low: deciles.at(-1)!.low,
      gain_nothing_left: nothingLeft.gain,
      gain_nothing_left_low: nothingLeft.low,
      learning_where_nothing_left: others.filter(({ pair }) => pair !== undefined).length,
      seeds: setting.seeds.length,
    };
  },
};

function worldOf(seed: number, own: Partial<WorldParameters>): World {
  const world = createWorld({
    name: 'stationary',
    products: syntheticCatalogue(300, seed),
    promotions: [],
    shop: { currency: 'EUR', locale: 'en', attributes: {}, slots: [] },
    seed,
  });
  return { ...world, parameters: { ...world.parameters, ...own } };
}

/** Trains on a uniform log, has the trainer say what devices learn on with, and values both kinds of device. */
async function play(world: World, seed: number, { logged, valued }: Setting): Promise<Played> {
  const dataset = await uniformLog(world, logged, seed);
  const key = { bench: 'adapt', seed, logged, parameters: world.parameters };
  const model = await remembered(key, LEARNING, () => trainedModel(dataset, seed, { seconds: 900 }));
  const { decisionModel, engine } = decisionEngine(model, surroundingsOf(dataset, fitSpec(dataset)));
  const { adaptation, note } = adaptationOf(dataset, model.q, model.exploration.unit);
  if (adaptation === undefined) return { note };
  const value = (policy: SimulatedPolicy) =>
    runWorld(world, policy, { decisions: valued, seed: `value ${seed}` });
  const frozen = await value(policyOf('frozen', decisionModel, engine));
  const adapted = await value(adaptedPolicy('adapted', decisionModel, engine, adaptation));
  const { reward, decisions } = frozen.visitors;
  return { pair: { frozen: reward, adapted: adapted.visitors.reward, decile: decilesOf(decisions) }, note };
}

function decilesOf(decisions: Int32Array): Int32Array {
  const out = new Int32Array(decisions.length);
  const byActivity = [...decisions.keys()].sort((a, b) => decisions[a]! - decisions[b]!);
  byActivity.forEach((visitor, place) => {
    out[visitor] = Math.floor((DECILES * place) / decisions.length);
  });
  return out;
}

interface Gain {
  gain: number;
  low: number;
  high: number;
}

/** As a share of what the frozen policy earns, the mean over worlds; 95 % intervals, linearised, over visitors. */
function gainOf(played: readonly Played[], among?: number): Gain {
  const each = played.map(({ pair }) => {
    if (pair === undefined) return { gain: 0, error: 0 };
    const { frozen, adapted, decile } = pair;
    const visitors = [...frozen.keys()].filter((v) => among === undefined || decile[v] === among);
    const base = visitors.reduce((sum, v) => sum + frozen[v]!, 0);
    const gain = visitors.reduce((sum, v) => sum + adapted[v]! - frozen[v]!, 0) / base;
    const squares = visitors.reduce((sum, v) => sum + (adapted[v]! - (1 + gain) * frozen[v]!) ** 2, 0);
    return { gain, error: Math.sqrt(squares) / base };
  });
  const gain = each.reduce((sum, one) => sum + one.gain, 0) / each.length;
  const error = Math.sqrt(each.reduce((sum, one) => sum + one.error ** 2, 0)) / each.length;
  return { gain, low: gain - 1.96 * error, high: gain + 1.96 * error };
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
