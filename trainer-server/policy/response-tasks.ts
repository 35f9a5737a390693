/** Which outcomes of a log are learned, and how each is put so that a convex fit can learn it. */

import type { Task } from './fit-task.ts';
import type { PolicyData } from './policy-data.ts';

export interface ResponseOptions {
  /** Ridge penalty of what all promotions share, in observations. */
  base: number;
  /** Candidates for the penalty of what promotions add, strongest first. */
  own: readonly number[];
  /** Standard errors by which left-out visitors must speak against a penalty for a weaker one to be taken. */
  errors: number;
  /** Most penalty of a promotion's mean effect, and of its own click logit. */
  mean: number;
  click: number;
  /** Share of zero rewards from which the hurdle pays. */
  hurdleFrom: number;
  /** Fewest clicks, and purchases, that are worth a model. */
  leastClicks: number;
  /**
   * Quantiles beyond which sizes are cut, the mean restored: of orders where most decisions earn nothing, of rewards
   * where most earn something. Sizes are mostly luck (what was wanted, not what was shown), and the few largest carry
   * most of it.
   */
  cutOrders: number;
  cut: number;
}

export const RESPONSE: ResponseOptions = {
  base: 10,
  own: [1000, 300, 100, 30, 10, 3],
  errors: 0,
  mean: 3,
  click: 30,
  hurdleFrom: 0.5,
  leastClicks: 200,
  cutOrders: 0.9,
  cut: 0.995,
};

export interface Tasks {
  click: Task | undefined;
  /** Undefined where most decisions earn something: then `size` is about all of them. */
  happens: Task | undefined;
  size: Task;
  /** What the sizes were divided by, after the cut. */
  sizeUnit: number;
  cost: Cost | undefined;
}

export interface Cost {
  task: Task;
  unit: number;
  /** Of what an order is worth before it, or an amount of every decision. */
  of: 'order' | 'decision';
}

export function tasksOf(data: PolicyData, options: ResponseOptions): Tasks {
  const { reward, spend, count } = data;
  const costly = spend?.some((x) => x !== 0) ? spend : undefined;
  const gross = costly === undefined ? reward : reward.map((r, i) => beforeCost(r, costly[i]!));
  const happened = Float64Array.from(gross, (r) => (r === 0 ? 0 : 1));
  const orders = happened.reduce((sum, x) => sum + x, 0);
  const hurdle = count - orders >= options.hurdleFrom * count && orders > 0;
  const every = new Uint8Array(count).fill(1);
  const rows = hurdle ? Uint8Array.from(happened) : every;
  const cut = hurdle ? options.cutOrders : options.cut;
  const size = tamedSizes(gross, rows, cut);
  return {
    click: clickTask(data, options),
    happens: hurdle ? { name: 'happens', link: 'logit', y: happened, rows: every } : undefined,
    size: { name: 'size', link: 'identity', y: size.values, rows },
    sizeUnit: size.unit,
    cost: costly && costOf(costly, gross, rows, options),
  };
}

/** What came in before cost; what only rounding left is nothing. */
function beforeCost(reward: number, spend: number): number {
  const gross = reward + spend;
  return Math.abs(gross) < 1e-9 * Math.abs(spend) ? 0 : gross;
}

function clickTask({ clicked }: PolicyData, { leastClicks }: ResponseOptions): Task | undefined {
  const clicks = clicked?.reduce((sum, x) => sum + (x === 1 ? 1 : 0), 0) ?? 0;
  if (clicked === undefined || clicks < leastClicks) return undefined;
  return {
    name: 'click',
    link: 'logit',
    y: Float64Array.from(clicked, (x) => Math.max(0, x)),
    rows: Uint8Array.from(clicked, (x) => (x < 0 ? 0 : 1)),
  };
}

/** Share of all spending outside orders from which showing itself must be what costs. */
const UNEARNED = 0.01;

/**
 * Where orders pay: the share that it takes of an order, weighted by the order, which is the ratio of means; a basket
 * twice as large costs twice as much in most terms, and what a few huge ones cost is no noise then.
 */
function costOf(
  spend: Float64Array,
  gross: Float64Array,
  rows: Uint8Array,
  { cut, cutOrders }: ResponseOptions,
): Cost {
  const total = (of: (i: number) => number): number => spend.reduce((sum, _, i) => sum + of(i), 0);
  const all = total((i) => spend[i]!);
  const outside = total((i) => (gross[i] === 0 ? Math.abs(spend[i]!) : 0));
  if (rows.every((known) => known === 1) || outside > UNEARNED * Math.abs(all)) {
    const every = new Uint8Array(spend.length).fill(1);
    const { values, unit } = tamedSizes(spend, every, cut);
    return { task: { name: 'cost', link: 'identity', y: values, rows: every }, unit, of: 'decision' };
  }
  const paid = Uint8Array.from(gross, (x) => (x > 0 ? 1 : 0));
  const share = tamedSizes(
    spend.map((x, i) => (paid[i] === 1 ? x / gross[i]! : 0)),
    paid,
    cut,
  );
  const order = tamedSizes(gross, paid, cutOrders).values;
  const orders = total((i) => (paid[i] === 1 ? order[i]! : 0));
  const count = paid.reduce((sum, x) => sum + x, 0);
  const weight = order.map((x, i) => (paid[i] === 1 ? (x * count) / orders : 0));
  // So that the orders of the log cost in all what they did cost.
  const modelled = total((i) => (paid[i] === 1 ? share.values[i]! * gross[i]! : 0));
  const task: Task = { name: 'cost', link: 'identity', y: share.values, rows: paid, weight };
  return { task, unit: modelled === 0 ? 1 : all / modelled, of: 'order' };
}

/** Rewards whose few largest, which are luck, no longer carry most of the noise; their mean unchanged, [n]. */
export function tamedRewards({ reward, count }: PolicyData, options: ResponseOptions): Float64Array {
  const happened = Uint8Array.from(reward, (r) => (r === 0 ? 0 : 1));
  const zeros = count - happened.reduce((sum, x) => sum + x, 0);
  const { values, unit } =
    zeros >= options.hurdleFrom * count
      ? tamedSizes(reward, happened, options.cutOrders)
      : tamedSizes(reward, new Uint8Array(count).fill(1), options.cut);
  return values.map((x) => unit * x);
}

/** Cut at a quantile of their sizes and divided by their deviation; `unit` brings them back, the mean unchanged. */
function tamedSizes(
  values: Float64Array,
  rows: Uint8Array,
  cut: number,
): { values: Float64Array; unit: number } {
  const own = values.filter((_, i) => rows[i] === 1);
  const sizes = own.map(Math.abs).sort();
  const most = sizes[Math.min(sizes.length - 1, Math.floor(cut * sizes.length))] ?? 1;
  const tamed = values.map((x) => Math.max(-most, Math.min(most, x)));
  let total = 0;
  let kept = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    if (rows[i] !== 1) continue;
    total += values[i]!;
    kept += tamed[i]!;
    squares += tamed[i]! ** 2;
  }
  const mean = kept / Math.max(1, own.length);
  const deviation = Math.sqrt(Math.max(0, squares / Math.max(1, own.length) - mean ** 2)) || 1;
  const restored = kept * total > 0 ? total / kept : 1;
  return { values: tamed.map((x) => x / deviation), unit: deviation * restored };
}
