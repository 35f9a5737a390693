/**
 * One network for every budget against one retrained for each, and a controller that has to meet a budget exactly.
 *
 * The heads are compared by the exact expectations of the world on the same contexts, each at the price at which it
 * spends just the budget. The controller lives through shoppers it never saw, in time order, with outcomes drawn; the
 * server refuses what the budget no longer covers.
 */

import { argmax } from '../../shared/choose.ts';
import { toMajor } from '../../shared/money.ts';
import { NONE_ID } from '../../shared/promotion.ts';
import { seeded } from '../../shared/random.ts';
import { nextPacing, spendAt, startPacing } from '../../trainer-server/policy/pacing.ts';
import { type PolicyData, policyData } from '../../trainer-server/policy/policy-data.ts';
import { POLICY_OPTIONS } from '../../trainer-server/policy/policy-options.ts';
import { predict } from '../../trainer-server/policy/predict.ts';
import { preparePolicyData, surroundingsOf } from '../../trainer-server/policy/prepare.ts';
import { lessonAt, trainStudent } from '../../trainer-server/policy/student.ts';
import type { PolicyModel } from '../../trainer-server/policy/train-policy.ts';
import { SILENT } from '../../trainer-server/progress.ts';
import { createWorld, runWorld, UNIFORM, type World } from '../../trainer-server/simulate/index.ts';
import { drawOutcome } from '../../trainer-server/simulate/response.ts';
import { runChooser, type Truth } from '../../trainer-server/simulate/run-world.ts';
import { NO_CHECKPOINTS } from '../../trainer-server/training-options.ts';
import { remembered } from '../helpers/remembered.ts';
import { syntheticCatalogue } from '../helpers/synthetic-catalogue.ts';
import { trainedModel } from '../helpers/trained-policy.ts';
import type { Bench, Figures } from './bench.ts';

/** Budgets as shares of what the policy would spend if budget were free. */
const BUDGETS = [0.2, 0.4, 0.7];
/** Periods in which the price is moved: a week of three a day. */
const PERIODS = 21;

export const bench: Bench = {
  summary: 'one network for every budget against retraining for each; pacing to a budget under an exact cap',
  async run({ quick, say }) {
    const [logged, judged] = quick ? [6000, 3000] : [20_000, 8000];
    const { world, dataset } = await logOf(logged);
    const model = await remembered(
      { bench: 'budget', logged },
      ['trainer-server/policy/train-policy.ts', 'trainer-server/simulate/index.ts'],
      () => trainedModel(dataset, 1),
    );
    const { data } = preparePolicyData(dataset, model.spec);
    const shoppers = await contextsOf(world, dataset, model, judged);
    const gaps: number[] = [];
    for (const share of BUDGETS) {
      const { mine, theirs, best } = await compare(model, data, shoppers, share);
      gaps.push((theirs - mine) / theirs);
      const line = `profit over none: one network ${mine.toFixed(3)}, retrained ${theirs.toFixed(3)}, optimum that knows all ${best.toFixed(3)}`;
      say(`budget ${(100 * share).toFixed(0)} % of free spend  ${line}`);
    }
    const figures: Figures = {
      profit_gap_to_retrained: gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length,
    };
    let error = 0;
    let overspend = 0;
    for (const share of BUDGETS) {
      const { spent, budget } = await pace(world, model, shoppers, share);
      say(
        `budget ${budget.toFixed(2)}  spent ${spent.toFixed(2)} (${((100 * spent) / budget - 100).toFixed(2)} %)`,
      );
      error = Math.max(error, Math.abs(spent / budget - 1));
      overspend = Math.max(overspend, spent - budget, 0);
    }
    return { ...figures, final_spend_error: error, overspend, logged, judged };
  },
};

async function logOf(logged: number) {
  const products = syntheticCatalogue(300, 1);
  const shop = { currency: 'EUR', locale: 'en', attributes: {}, slots: [] };
  const world = createWorld({ name: 'stationary', products, promotions: [], shop, seed: 1 });
  const log = await runWorld(world, UNIFORM, { decisions: logged, seed: 'budget log' });
  const { decisions, events } = log;
  return { world, dataset: { decisions, events, products, promotions: [...world.promotions], shop } };
}

/** Shoppers the policy never saw, in time order, and what each promotion would truly do. */
interface Shoppers {
  data: PolicyData;
  truths: Truth[];
}

async function contextsOf(
  world: World,
  dataset: Awaited<ReturnType<typeof logOf>>['dataset'],
  model: PolicyModel,
  decisions: number,
): Promise<Shoppers> {
  const seen = new Map<string, Truth>();
  const run = await runChooser(
    world,
    'uniform',
    (requests, truth) => {
      for (const [i, { id }] of requests.entries()) seen.set(id!, structuredClone(truth[i]!));
      return UNIFORM.probabilities(requests);
    },
    { decisions, seed: 'budget shoppers' },
  );
  const rewarded = run.decisions.map((decision) => ({ ...decision, reward: decision.reward ?? 0 }));
  const data = policyData(rewarded, surroundingsOf(dataset, model.spec));
  return { data, truths: run.decisions.map(({ id }) => seen.get(id)!) };
}

/** Q net of the price of budget, [rows]; of the other decisions, where only some are asked about, none. */
async function netOf(
  { config, parameters, unit, spec, budgetCost, budgetScale, most }: PolicyModel,
  data: PolicyData,
  price: number,
  [from, to]: readonly [number, number] = [0, data.count],
): Promise<Float64Array> {
  const input = most === undefined ? undefined : Math.min(1, price / most);
  const asked = Int32Array.from({ length: to - from }, (_, i) => from + i);
  const { advantage } = await predict([parameters], config, spec.promotions.length, data, asked, input);
  return Float64Array.from(
    advantage,
    (a, row) =>
      unit.scale * a - (price * (budgetCost[data.promotions[data.promotion[row]!]!] ?? 0)) / budgetScale,
  );
}

/** True profit over none and spend a decision of a greedy policy. */
function truthOf({ data, truths }: Shoppers, net: ArrayLike<number>): { profit: number; spend: number } {
  let profit = 0;
  let spend = 0;
  truths.forEach((truth, i) => {
    const rows = Array.from(truth.expected, (_, j) => net[data.offsets[i]! + j]!);
    const best = argmax(rows);
    profit += truth.expected[best]! - truth.expected[noneAt(data, i)]!;
    spend += truth.spend[best]!;
  });
  return { profit: profit / truths.length, spend: spend / truths.length };
}

const noneAt = (data: PolicyData, i: number): number =>
  data.promotion.subarray(data.offsets[i]!, data.offsets[i + 1]!).indexOf(data.promotions.indexOf(NONE_ID));

/** Profit at the price at which just `budget` is spent, by bisection; a step between two prices is mixed. */
async function profitAt(
  shoppers: Shoppers,
  net: (price: number) => Promise<ArrayLike<number>>,
  budget: number,
  most: number,
): Promise<{ profit: number; price: number }> {
  let [low, high] = [0, most];
  let above = truthOf(shoppers, await net(low));
  let below = truthOf(shoppers, await net(high));
  if (above.spend <= budget) return { profit: above.profit, price: 0 };
  for (let step = 0; step < 12; step++) {
    const middle = (low + high) / 2;
    const here = truthOf(shoppers, await net(middle));
    if (here.spend > budget) [low, above] = [middle, here];
    else [high, below] = [middle, here];
  }
  const share = above.spend === below.spend ? 0 : (budget - below.spend) / (above.spend - below.spend);
  const profit = below.profit + Math.max(0, Math.min(1, share)) * (above.profit - below.profit);
  return { profit, price: high };
}

async function compare(model: PolicyModel, data: PolicyData, shoppers: Shoppers, share: number) {
  const most = model.most ?? 0;
  const free = truthOf(shoppers, await netOf(model, shoppers.data, 0)).spend;
  const budget = share * free;
  const mine = await profitAt(shoppers, (price) => netOf(model, shoppers.data, price), budget, most);
  // Retrained for the very price at which the one network spends the budget; its own price makes up what is left.
  const retrained = await retrain(model, data, mine.price);
  const theirs = await profitAt(shoppers, (own) => netOf(retrained, shoppers.data, own), budget, 3 * most);
  const knowing = async (own: number): Promise<Float64Array> => {
    const out = new Float64Array(shoppers.data.promotion.length);
    shoppers.truths.forEach(({ expected, spend }, i) => {
      expected.forEach((reward, j) => {
        out[shoppers.data.offsets[i]! + j] = reward - own * spend[j]!;
      });
    });
    return out;
  };
  // The fractional optimum of the linear programme: the Lagrangian's greedy choice at the price that binds.
  const best = await profitAt(shoppers, knowing, budget, 20 * most);
  return { mine: mine.profit, theirs: theirs.profit, best: best.profit };
}

async function retrain(model: PolicyModel, data: PolicyData, price: number): Promise<PolicyModel> {
  const { most: _, ...rest } = model;
  const config = { ...model.config, contextWidth: data.contextWidth };
  const training = {
    device: 'cpu',
    random: seeded(`retrained at ${price}`),
    progress: SILENT,
    signal: new AbortController().signal,
    deadline: () => 600,
    checkpoints: NO_CHECKPOINTS,
  } as const;
  const lesson = lessonAt(data, model.lesson, price);
  const ids = model.spec.promotions.length;
  const parameters = await trainStudent(data, ids, config, lesson, training, POLICY_OPTIONS);
  return { ...rest, config, parameters };
}

/** Lives through the shoppers period by period; outcomes are drawn, the till pays no more than is left. */
async function pace(world: World, model: PolicyModel, { data, truths }: Shoppers, share: number) {
  const curve = model.lesson.budget!.curve;
  const each = Math.ceil(data.count / PERIODS);
  const budget = share * data.count * spendAt(curve, 0);
  const random = seeded(`pacing ${share}`);
  let left = budget;
  let pacing = startPacing(curve, { left, periods: PERIODS, decisions: each });
  for (let period = 0; period < PERIODS; period++) {
    const before = left;
    const until = Math.min(data.count, (period + 1) * each);
    const net = await netOf(model, data, pacing.price, [period * each, until]);
    for (let i = period * each; i < until; i++) {
      const own = net.subarray(data.offsets[i]!, data.offsets[i + 1]!);
      const shown = world.indexOf.get(data.promotions[data.promotion[data.offsets[i]! + argmax(own)]!]!)!;
      const { shopper, moment } = truths[i]!;
      const outcome = drawOutcome(world, shopper, moment, shown, random);
      const spend = toMajor(Math.round(outcome.spend), world.shop.currency);
      // The server's cap: a redemption that the budget no longer covers is refused whole.
      if (spend <= left) left -= spend;
    }
    const coming = { left, periods: PERIODS - period - 1, decisions: each };
    pacing = nextPacing(curve, pacing, { spent: before - left, decided: until - period * each }, coming);
  }
  return { spent: budget - left, budget };
}
