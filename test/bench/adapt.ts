/**
 * What devices earn that go on learning from their own shopper, against the very same policy left frozen: in shops of
 * regulars whose browsing does not show which offers move them, or how much a price does, and in one where all want the same.
 * The same shoppers, moment by moment the same luck.
 */

import { ADAPTATION, adaptationOf } from '../../trainer-server/policy/adaptation-prior.ts';
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

const FULL: Setting = { seeds: [1, 2, 3], logged: 8000, valued: 12_000 };
const QUICK: Setting = { seeds: [1], logged: 8000, valued: 6000 };

interface Kind {
  world: string;
  own: Partial<WorldParameters>;
  /** Whether devices learn on even where the log does not speak for it. */
  forced?: boolean;
}

const KINDS = {
  /**
   * Shoppers who come often, have strong tastes in offers, and whose browsing tells nothing of them: their answers to
   * offers alone do. Chosen on seed 101, which is none of those above.
   */
  regulars: { world: 'stationary', own: { clarity: 0, sessionsPerVisitor: 20, offerPull: 5 } },
  /** In a shop of peaks: shoppers who differ in what a price means to them. Nothing was chosen on it. */
  hagglers: {
    world: 'seasonal',
    own: { clarity: 0, sessionsPerVisitor: 20, priceElasticity: 40, commonElasticity: 0 },
  },
  /** Who come as often and all want the same: devices must lose nothing, were they to learn on all the same. */
  alike: {
    world: 'stationary',
    own: { motiveShares: [1, 0, 0, 0, 0], motiveFocus: 1, sessionsPerVisitor: 20 },
    forced: true,
  },
} satisfies Record<string, Kind>;
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
  /** Undefined where devices learn nothing: every decision is then the same. */
  pair: Pair | undefined;
  /** Whether a release would have devices learn on. */
  released: boolean;
  note: string;
}

export const bench: Bench = {
  summary: 'profit of devices that learn on from their own shopper, against the same policy left frozen',
  async run({ quick, say }) {
    const setting = quick ? QUICK : FULL;
    const played: Record<string, Played[]> = {};
    for (const seed of setting.seeds) {
      for (const [name, kind] of Object.entries<Kind>(KINDS)) {
        const { logged, valued } = setting;
        const one = await remembered({ kind, seed, logged, valued }, MODULES, () =>
          play(kind, seed, setting),
        );
        played[name] = [...(played[name] ?? []), one];
        const { gain, low, high } = gainOf([one]);
        say(`${name} ${seed}  ${one.note}; gain ${percent(gain)} (${percent(low)} to ${percent(high)})`);
      }
    }
    const { regulars = [], hagglers = [], alike = [] } = played;
    const all = gainOf(regulars);
    const deciles = Array.from({ length: DECILES }, (_, decile) => gainOf(regulars, decile));
    deciles.forEach(({ gain, low, high }, i) => {
      say(`decile ${i + 1} by activity  ${percent(gain)} (${percent(low)} to ${percent(high)})`);
    });
    const others = gainOf(hagglers);
    const forced = gainOf(alike);
    return {
      gain_all: all.gain,
      gain_all_low: all.low,
      gain_all_high: all.high,
      gain_lowest_decile: deciles[0]!.gain,
      gain_lowest_decile_low: deciles[0]!.low,
      gain_highest_decile: deciles.at(-1)!.gain,
      gain_highest_decile_low: deciles.at(-1)!.low,
      gain_hagglers: others.gain,
      gain_hagglers_low: others.low,
      gain_hagglers_lowest_decile: gainOf(hagglers, 0).gain,
      gain_hagglers_lowest_decile_low: gainOf(hagglers, 0).low,
      // As released: 0 where the log does not speak for learning on.
      gain_alike: gainOf(alike.map((one) => (one.released ? one : { ...one, pair: undefined }))).gain,
      learning_where_alike: alike.filter(({ released }) => released).length,
      gain_alike_forced: forced.gain,
      gain_alike_forced_low: forced.low,
      gain_alike_forced_high: forced.high,
      seeds: setting.seeds.length,
    };
  },
};

function worldOf({ world: name, own }: Kind, seed: number): World {
  const world = createWorld({
    name,
    products: syntheticCatalogue(300, seed),
    promotions: [],
    shop: { currency: 'EUR', locale: 'en', attributes: {}, slots: [] },
    seed,
  });
  return { ...world, parameters: { ...world.parameters, ...own } };
}

/** Trains on a uniform log, has the trainer say what devices learn on with, and values both kinds of device. */
async function play(kind: Kind, seed: number, { logged, valued }: Setting): Promise<Played> {
  const world = worldOf(kind, seed);
  const dataset = await uniformLog(world, logged, seed);
  const key = { bench: 'adapt', seed, logged, parameters: world.parameters };
  const model = await remembered(key, LEARNING, () => trainedModel(dataset, seed));
  const { decisionModel, engine } = decisionEngine(model, surroundingsOf(dataset, fitSpec(dataset)));
  const learning = (errors: number) =>
    adaptationOf(dataset, model.q, model.exploration.unit, { ...ADAPTATION, errors });
  const { adaptation: released, note } = learning(ADAPTATION.errors);
  const adaptation = kind.forced ? learning(-Infinity).adaptation : released;
  const said = { released: released !== undefined, note };
  if (adaptation === undefined) return { ...said, pair: undefined };
  const value = (policy: SimulatedPolicy) =>
    runWorld(world, policy, { decisions: valued, seed: `value ${seed}` });
  const frozen = await value(policyOf('frozen', decisionModel, engine));
  const adapted = await value(adaptedPolicy('adapted', decisionModel, engine, adaptation));
  const { reward, decisions } = frozen.visitors;
  return {
    ...said,
    pair: { frozen: reward, adapted: adapted.visitors.reward, decile: decilesOf(decisions) },
  };
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
