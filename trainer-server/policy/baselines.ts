/** What a learned policy has to beat: simpler ones, learned from the same log. */

import { argmax } from '../../shared/choose.ts';
import { contextNames } from '../../shared/features/context.ts';
import { Q_HEAD } from '../../shared/models/q-head.ts';
import { NONE_ID, type Promotion } from '../../shared/promotion.ts';
import { minimumOf, percentOf } from '../../shared/promotions/benefit.ts';
import { type Random, shuffle } from '../../shared/random.ts';
import { startTraining } from '../graph/index.ts';
import { BOOSTING, fitBoostedTrees, predictBoostedTrees } from '../simulate/boosted-trees.ts';
import type { SimulatedPolicy } from '../simulate/index.ts';
import { type Around, contextAt, eachRow, greedyPolicy, pairAt, rowsPolicy } from './baseline-policy.ts';
import { batchOf } from './batch.ts';
import { ensemblePrograms, initialMembers, memberOf } from './member.ts';
import { headOf, type PolicyData, widestChoice } from './policy-data.ts';
import { POLICY_OPTIONS } from './policy-options.ts';
import { predict } from './predict.ts';
import type { Parameters } from './q-network.ts';
import { bootstrapTargets, unitOf } from './returns.ts';

/** The promotion with the largest mean reward in the log, each weighted by its inverse propensity. */
export function bestFixed(data: PolicyData): string {
  const sums = new Float64Array(data.promotions.length);
  const weights = new Float64Array(data.promotions.length);
  for (let i = 0; i < data.count; i++) {
    const p = data.promotion[data.offsets[i]! + data.chosen[i]!]!;
    const weight = 1 / data.propensity[i]!;
    sums[p]! += weight * data.reward[i]!;
    weights[p]! += weight;
  }
  return data.promotions[argmax(sums.map((sum, p) => (weights[p] === 0 ? -Infinity : sum / weights[p]!)))]!;
}

/** Features whose sign makes the cells of the tabular policy. */
const CELL_FEATURES = ['cart.any', 'purchase.count', 'shown.session', 'clicked', 'add_to_wishlist.count'];
/** Decisions of the overall mean that every cell starts with. */
const CELL_PRIOR = 20;

/** Tabular Q: mean rewards by promotion and by which of a few things the shopper has done and where. */
export function tabularPolicy(data: PolicyData, surroundings: Around): SimulatedPolicy {
  const names = contextNames(surroundings.spec);
  const at = names.flatMap((name, k) =>
    CELL_FEATURES.includes(name) || name.startsWith('slot:') ? [k] : [],
  );
  const cellOf = (state: Float32Array): string => at.map((k) => (state[k]! > 0 ? 1 : 0)).join('');
  const sums = new Map<string, { sum: number; count: number }>();
  const add = (key: string, reward: number): void => {
    const cell = sums.get(key) ?? { sum: 0, count: 0 };
    sums.set(key, { sum: cell.sum + reward, count: cell.count + 1 });
  };
  for (let i = 0; i < data.count; i++) {
    const id = data.promotions[data.promotion[data.offsets[i]! + data.chosen[i]!]!]!;
    add(id, data.reward[i]!);
    add(`${id} ${cellOf(contextAt(data, i))}`, data.reward[i]!);
  }
  return greedyPolicy('tabular', surroundings, (state, id) => {
    const overall = sums.get(id);
    if (overall === undefined) return -Infinity;
    const prior = overall.sum / overall.count;
    const { sum, count } = sums.get(`${id} ${cellOf(state)}`) ?? { sum: 0, count: 0 };
    return (sum + CELL_PRIOR * prior) / (count + CELL_PRIOR);
  });
}

/** What a shop does by hand: an offer whose minimum is within reach, else ten per cent with a cart, else a message. */
export function rulesPolicy(promotions: readonly Promotion[]): SimulatedPolicy {
  const byType = (type: Promotion['terms']['type']) => promotions.filter(({ terms }) => terms.type === type);
  const smallest = byType('percentage').sort((a, b) => percentOf(a.terms) - percentOf(b.terms))[0];
  return {
    name: 'rules',
    probabilities: async (requests) =>
      requests.map(({ eligible = [], cart = [] }) => {
        const value = cart.reduce((sum, { quantity, price = 0 }) => sum + quantity * price, 0);
        const near = byType('fixed_amount').find(
          ({ terms }) => value > 0.7 * (minimumOf(terms) ?? Number.POSITIVE_INFINITY),
        );
        const wish = near ?? (value > 0 ? smallest : byType('message')[0]);
        const at = eligible.indexOf(wish?.id ?? NONE_ID);
        const shown = at >= 0 ? at : Math.max(0, eligible.indexOf(NONE_ID));
        return eligible.map((_, j) => (j === shown ? 1 : 0));
      }),
  };
}

export interface TreesOptions {
  trees: number;
  /** Decisions that are learned from: boosting passes over them once a tree and level. */
  most: number;
}

/** Gradient-boosted trees of the reward on the state and the promotion together (an S-learner). */
export function treesPolicy(
  data: PolicyData,
  surroundings: Around,
  random: Random,
  { trees, most }: TreesOptions = { trees: 60, most: 50_000 },
): SimulatedPolicy {
  const rows = Int32Array.from(
    { length: Math.min(most, data.count) },
    (_, i) => data.offsets[i]! + data.chosen[i]!,
  );
  const x = Array.from(rows, (row, i) => pairAt(data, i, row));
  const y = Array.from(rows, (_, i) => [data.reward[i]!]);
  const options = { ...BOOSTING, trees, sketch: 1, leastRows: 200, depth: 5 };
  const model = fitBoostedTrees(x, y, options, random);
  return rowsPolicy('boosted trees', surroundings, async (asked) => {
    const out = new Float64Array(asked.promotion.length);
    eachRow(asked, (i, row) => {
      out[row] = predictBoostedTrees(model, pairAt(asked, i, row))[0]!;
    });
    return out;
  });
}

/**
 * A plain deep Q network (Mnih et al. 2015): one network, mean squared error, one-step targets from a copy one pass old,
 * no conservative penalty, no ensemble and no model of the response.
 */
export async function dqnPolicy(
  data: PolicyData,
  ids: number,
  surroundings: Around,
  random: Random,
  { passes, discount }: { passes: number; discount: number } = { passes: 3, discount: 0.5 },
): Promise<SimulatedPolicy> {
  const member = { prefix: 'q.', fold: -1, strength: 0 };
  const { batch: size, learningRate } = POLICY_OPTIONS;
  const shape = { size, widest: widestChoice(data), ids };
  const config = { ...headOf(data), ...Q_HEAD };
  const initial = initialMembers([member], config, random.fork('dqn'));
  const options = { ...POLICY_OPTIONS, dropout: 0 };
  const { learn } = ensemblePrograms([member], initial, config, shape, options);
  const training = await startTraining(learn, { device: 'cpu', signal: new AbortController().signal });
  const unit = unitOf(data.reward);
  const own = Float32Array.from(data.reward, (r) => (r - unit.offset) / unit.scale);
  let target: Float32Array = own;
  let network: Parameters = memberOf(initial, member);
  try {
    for (let pass = 0; pass < passes; pass++) {
      const order = shuffle(
        Int32Array.from({ length: data.count }, (_, i) => i),
        random,
      );
      for (let at = 0; at < data.count; at += size) {
        const part = order.subarray(at, at + size);
        const fill = (of: (i: number) => number) =>
          Float32Array.from({ length: size }, (_, b) => (b < part.length ? of(part[b]!) : 0));
        const feeds = {
          ...batchOf(data, part, shape),
          base: new Float32Array(size * shape.widest),
          chosen: Int32Array.from({ length: size }, (_, b) => (b < part.length ? data.chosen[part[b]!]! : 0)),
          target: fill((i) => target[i]!),
          reward: fill((i) => own[i]!),
          weight: fill(() => 1),
        };
        await training.step(feeds, learningRate);
      }
      network = memberOf(await training.parameters(), member);
      const q = await predict([network], config, ids, data);
      target = bootstrapTargets(data, q, q, unit, { discount, steps: 1 });
    }
  } finally {
    await training.close();
  }
  return rowsPolicy(
    'plain DQN',
    surroundings,
    async (asked) => (await predict([network], config, ids, asked)).advantage,
  );
}
