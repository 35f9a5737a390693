/**
 * The oracle: the best policy that sees only what a policy sees.
 *
 * A large-sample fit of the world's own response functions: contexts are gathered by running the world, each with
 * the exact expected reward of every promotion (no noise of purchases), and regressed on everything observable. The
 * second half of the contexts comes from the first fit's own decisions, since its shoppers have another past than
 * those of a uniform policy. Where discounts teach shoppers to wait, the greedy fit is not the best policy: then the
 * price at which it weighs a discount's depth is searched over by running the world.
 */

import { argmax } from '../../shared/choose.ts';
import type { DecisionRequest } from '../../shared/decision.ts';
import { exponentOf } from '../../shared/money.ts';
import { percentOf } from '../../shared/promotions/benefit.ts';
import { seeded } from '../../shared/random.ts';
import {
  BOOSTING,
  type BoostedTrees,
  type BoostingOptions,
  fitBoostedTrees,
  predictBoostedTrees,
} from './boosted-trees.ts';
import { type Observer, observe, observerOf } from './observables.ts';
import { oneHot, UNIFORM } from './policies.ts';
import { responseOf } from './response.ts';
import { runChooser, runWorld, type Truth } from './run-world.ts';
import type { SimulatedPolicy } from './types.ts';
import type { World } from './world.ts';

export interface OracleOptions {
  /** Contexts to fit on, half of them from the first fit's own decisions. */
  contexts: number;
  seed: number | string;
  boosting?: BoostingOptions;
  signal?: AbortSignal;
  onProgress?: (share: number) => void;
}

/** Prices of discount depth that are tried, in mean rewards for each whole basket given away. */
const DEPTH_PRICES = [0, 0.5, 1, 2, 4, 8];
/** Share of uniform decisions while the second half is gathered: every past must be seen. */
const EXPLORING = 0.2;

/** Fits the oracle of a world. It is a policy like any other: it is given requests alone. */
export async function fitOracle(world: World, options: OracleOptions): Promise<SimulatedPolicy> {
  const { seed, signal, onProgress = () => undefined } = options;
  const half = Math.ceil(options.contexts / 2);
  const run = { decisions: half, ...(signal === undefined ? {} : { signal }) };
  const first = await gather(world, UNIFORM, { ...run, seed: `${seed}/oracle/1` });
  const observer = observerOf(world, first.requests);
  onProgress(0.2);
  const boosting = options.boosting ?? BOOSTING;
  const draft = regress(observer, [first], { ...boosting, trees: Math.ceil(boosting.trees / 2) }, seed);
  onProgress(0.45);
  const exploring = mixed(greedy('draft', world, observer, draft, 0), EXPLORING);
  const second = await gather(world, exploring, { ...run, seed: `${seed}/oracle/2` });
  onProgress(0.6);
  const model = regress(observer, [first, second], boosting, seed);
  onProgress(0.9);
  const price = await bestDepthPrice(world, observer, model, options);
  onProgress(1);
  return greedy('oracle', world, observer, model, price);
}

interface Contexts {
  requests: DecisionRequest[];
  /** Expected reward of each of the world's promotions, less their mean. */
  advantages: Float64Array[];
}

/** Requests with the exact expectations, whatever was eligible. */
async function gather(
  world: World,
  policy: SimulatedPolicy,
  options: { decisions: number; seed: string; signal?: AbortSignal },
): Promise<Contexts> {
  const out: Contexts = { requests: [], advantages: [] };
  await runChooser(
    world,
    policy.name,
    (requests, truth) => {
      for (const request of requests) out.requests.push(request);
      for (const each of truth) out.advantages.push(advantagesOf(world, each));
      return policy.probabilities(requests);
    },
    options,
  );
  return out;
}

function advantagesOf(world: World, { shopper, moment }: Truth): Float64Array {
  const scale = 10 ** -exponentOf(world.shop.currency);
  const rewards = Float64Array.from(
    world.promotions,
    (_, at) => scale * responseOf(world, shopper, moment, at).expectedReward,
  );
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
  return rewards.map((reward) => reward - mean);
}

function regress(
  observer: Observer,
  parts: readonly Contexts[],
  boosting: BoostingOptions,
  seed: number | string,
): BoostedTrees {
  const x = parts.flatMap(({ requests }) => requests.map((request) => observe(observer, request)));
  const y = parts.flatMap(({ advantages }) => advantages);
  return fitBoostedTrees(x, y, boosting, seeded(`${seed}/oracle/trees`));
}

/** The best predicted advantage, less a price for the depth of the discount that is shown. */
function greedy(
  name: string,
  world: World,
  observer: Observer,
  model: BoostedTrees,
  depthPrice: number,
): SimulatedPolicy {
  const price = world.promotions.map(({ terms }) => (depthPrice * percentOf(terms)) / 100);
  return {
    name,
    probabilities: async (requests) =>
      requests.map((request) => {
        const advantage = predictBoostedTrees(model, observe(observer, request));
        const eligible = request.eligible!.map((id) => world.indexOf.get(id)!);
        return oneHot(eligible.length, argmax(eligible.map((at) => advantage[at]! - price[at]!)));
      }),
  };
}

function mixed(policy: SimulatedPolicy, share: number): SimulatedPolicy {
  return {
    name: policy.name,
    probabilities: async (requests) =>
      (await policy.probabilities(requests)).map((p) => p.map((x) => (1 - share) * x + share / p.length)),
  };
}

async function bestDepthPrice(
  world: World,
  observer: Observer,
  model: BoostedTrees,
  { contexts, seed, signal }: OracleOptions,
): Promise<number> {
  if (world.parameters.discountTraining === 0) return 0;
  const run = {
    decisions: Math.ceil(contexts / 3),
    seed: `${seed}/oracle/3`,
    ...(signal === undefined ? {} : { signal }),
  };
  const unit = Math.abs((await runWorld(world, UNIFORM, run)).value.mean);
  const values: number[] = [];
  for (const price of DEPTH_PRICES) {
    const policy = greedy('candidate', world, observer, model, price * unit);
    values.push((await runWorld(world, policy, run)).value.mean);
  }
  return DEPTH_PRICES[argmax(values)]! * unit;
}
