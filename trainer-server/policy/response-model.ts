/**
 * What each promotion brings, learned in closed form or by convex fits, cross-fitted: the teachers' first word.
 *
 *   clicks   P(click | s, a), where the log has clicks: they are several times as common as purchases and show what
 *            kind of offer moves this shopper (a surrogate: Athey et al. 2019, NBER 26463). The logits of all
 *            promotions then join the state: a short description of the shopper's motives, learned from the plenty.
 *   happens  P(r is not 0 | s, a)                 } a hurdle model (Cragg 1971) where most decisions earn nothing:
 *   size     E[r | r is not 0, s, a]              } what an order is worth adds its noise to the few orders alone
 *   cost     E[spend | r is not 0, s, a], where the log has spend: the size is then that before cost, which promotions
 *            hardly change, and what they take off it is nearly certain
 *
 * Each penalty is the strongest whose error on left-out visitors is not clearly above a weaker one's (the one standard
 * error rule: Hastie, Tibshirani and Friedman 2009, section 7.10): what promotions add is small, and a policy pays for
 * every effect that is only noise.
 */

import { MEANING_WIDTH } from '../../shared/features/actions.ts';
import { actionCode } from './action-code.ts';
import { type Design, logistic, type Table } from './bilinear.ts';
import type { FitEngine } from './fit-engine.ts';
import { fitTask, splitOf, type Task } from './fit-task.ts';
import type { PolicyData } from './policy-data.ts';

export interface ResponseOptions {
  /** Ridge penalty of what all promotions share, in observations. */
  base: number;
  /** Candidates for the penalty of what promotions add, strongest first. */
  own: readonly number[];
  /** Most penalty of a promotion's mean effect, and of its own click logit. */
  mean: number;
  click: number;
  /** Share of zero rewards from which the hurdle pays. */
  hurdleFrom: number;
  /** Fewest clicks, and purchases, that are worth a model. */
  leastClicks: number;
  /** Quantile of the sizes that are not zero beyond which they are cut: one order must not decide alone. */
  cut: number;
}

export const RESPONSE: ResponseOptions = {
  base: 10,
  own: [1000, 300, 100, 30, 10, 3],
  mean: 3,
  click: 30,
  hurdleFrom: 0.5,
  leastClicks: 200,
  cut: 0.995,
};

/** Expected outcomes of every eligible promotion in the log's own unit, [rows]. */
export interface Responses {
  reward: Float64Array;
  /** Undefined where the log has no spend. */
  spend: Float64Array | undefined;
}

export interface CrossFitted {
  /** Each decision by a model that never saw its visitor. */
  left: Responses;
  /** The mean of all models. */
  mean: Responses;
  /** Penalties chosen, for the report. */
  penalties: Record<string, number>;
}

/** @param folds of each decision; those of a negative fold are answered but never learned from */
export async function crossFittedResponses(
  data: PolicyData,
  folds: Int32Array,
  foldCount: number,
  engine: FitEngine,
  options: ResponseOptions = RESPONSE,
): Promise<CrossFitted> {
  const tasks = tasksOf(data, options);
  const penalties: Record<string, number> = {};
  const plain = designOf(data, engine, options.mean);
  const left = emptyResponses(data, tasks);
  const mean = emptyResponses(data, tasks);
  for (let fold = 0; fold < foldCount; fold++) {
    const split = splitOf(data, folds, fold, foldCount);
    const etaOf = async (task: Task, design: Design): Promise<Float64Array> => {
      const known = penalties[task.name];
      const candidates = known === undefined ? options.own : [known];
      const { eta, penalty } = await fitTask(task, design, split, candidates, options.base);
      penalties[task.name] = penalty;
      return eta;
    };
    const design =
      tasks.click === undefined ? plain : withClicks(data, plain, await etaOf(tasks.click, plain), options);
    const part = await assemble(data, tasks, (task) => etaOf(task, design));
    addResponses(mean, part, 1 / foldCount, () => true, data);
    addResponses(left, part, 1, (i) => folds[i] === fold, data);
  }
  return { left, mean, penalties };
}

interface Tasks {
  click: Task | undefined;
  /** Undefined where most decisions earn something: then `size` is about all of them. */
  happens: Task | undefined;
  size: Task;
  cost: Task | undefined;
  /** What the sizes were multiplied by after the cut, and their unit. */
  sizeUnit: number;
  costUnit: number;
}

function tasksOf(data: PolicyData, options: ResponseOptions): Tasks {
  const { reward, clicked, spend, count } = data;
  const happened = Float64Array.from(reward, (r) => (r === 0 ? 0 : 1));
  const orders = happened.reduce((sum, x) => sum + x, 0);
  const hurdle = count - orders >= options.hurdleFrom * count && orders > 0;
  const rows = hurdle ? Uint8Array.from(happened) : new Uint8Array(count).fill(1);
  const costly = spend?.some((x) => x !== 0) ?? false;
  const gross = costly ? reward.map((r, i) => r + spend![i]!) : reward;
  const size = tamedSizes(gross, rows, options.cut);
  const clicks = clicked?.reduce((sum, x) => sum + (x === 1 ? 1 : 0), 0) ?? 0;
  const cost = costly ? tamedSizes(spend!, rows, options.cut) : undefined;
  return {
    click:
      clicked === undefined || clicks < options.leastClicks
        ? undefined
        : {
            name: 'click',
            link: 'logit',
            y: Float64Array.from(clicked, (x) => Math.max(0, x)),
            rows: Uint8Array.from(clicked, (x) => (x < 0 ? 0 : 1)),
          },
    happens: hurdle
      ? { name: 'happens', link: 'logit', y: happened, rows: new Uint8Array(count).fill(1) }
      : undefined,
    size: { name: 'size', link: 'identity', y: size.values, rows },
    cost: cost && { name: 'cost', link: 'identity', y: cost.values, rows },
    sizeUnit: size.unit,
    costUnit: cost?.unit ?? 1,
  };
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

async function assemble(
  data: PolicyData,
  tasks: Tasks,
  etaOf: (task: Task) => Promise<Float64Array>,
): Promise<Responses> {
  const happens = tasks.happens && (await etaOf(tasks.happens)).map(logistic);
  const size = await etaOf(tasks.size);
  const cost = tasks.cost && (await etaOf(tasks.cost));
  const reward = new Float64Array(size.length);
  const spend = cost && new Float64Array(size.length);
  for (let row = 0; row < size.length; row++) {
    const p = happens?.[row] ?? 1;
    // Nobody is paid for being shown a promotion, and showing nothing costs nothing.
    const taken =
      cost === undefined || data.promotion[row] === 0 ? 0 : Math.max(0, tasks.costUnit * cost[row]!);
    reward[row] = p * (tasks.sizeUnit * size[row]! - taken);
    if (spend !== undefined) spend[row] = p * taken;
  }
  return { reward, spend };
}

/** @param mean most penalty of a promotion's mean effect */
export function designOf(data: PolicyData, engine: FitEngine, mean: number): Design {
  const state = { values: data.states, width: data.sessionWidth + data.contextWidth };
  const meaning = { values: data.meaning, width: MEANING_WIDTH };
  return design(data, { code: actionCode(data), engine }, state, meaning, mean, []);
}

/** The click logits of all promotions beside the state, and of the promotion itself beside what it means. */
function withClicks(data: PolicyData, plain: Design, eta: Float64Array, options: ResponseOptions): Design {
  const width = data.sessionWidth + data.contextWidth;
  const promotions = data.promotions.length;
  const motives = new Float32Array(data.count * promotions);
  const own = new Float32Array(data.promotion.length * 2);
  for (let i = 0; i < data.count; i++) {
    const [from, to] = [data.offsets[i]!, data.offsets[i + 1]!];
    let mean = 0;
    for (let row = from; row < to; row++) mean += eta[row]! / (to - from);
    for (let row = from; row < to; row++) {
      const p = data.promotion[row]!;
      // `none` cannot be clicked: its place says how clickable everything is.
      motives[i * promotions + p] = p === 0 ? mean / 2 + 1 : eta[row]! - mean;
      own[2 * row] = eta[row]! / 2 + 1;
      own[2 * row + 1] = 2 * logistic(eta[row]!);
    }
  }
  const state = beside({ values: data.states, width }, { values: motives, width: promotions });
  const meaning = beside({ values: data.meaning, width: MEANING_WIDTH }, { values: own, width: 2 });
  const light = [
    ...Array.from({ length: promotions }, (_, p) => width + p),
    ...[0, 1].map((k) => state.width + 1 + MEANING_WIDTH + k),
  ];
  return design(data, plain, state, meaning, options.mean, light, options.click);
}

function design(
  { count, offsets, promotion, chosen }: PolicyData,
  { code, engine }: Pick<Design, 'code' | 'engine'>,
  state: Table,
  meaning: Table,
  mean: number,
  light: readonly number[],
  lightly = 0,
): Design {
  const most = new Float64Array(state.width + 1 + meaning.width).fill(Number.POSITIVE_INFINITY);
  most[state.width] = mean;
  for (const k of light) most[k] = lightly;
  return { engine, count, offsets, promotion, chosen, code, state, meaning, most };
}

/** Two tables of as many rows side by side. */
function beside(left: Table, right: Table): Table {
  const width = left.width + right.width;
  const rows = right.values.length / right.width;
  const values = new Float32Array(rows * width);
  for (let i = 0; i < rows; i++) {
    values.set(left.values.subarray(i * left.width, (i + 1) * left.width), i * width);
    values.set(right.values.subarray(i * right.width, (i + 1) * right.width), i * width + left.width);
  }
  return { values, width };
}

function emptyResponses(data: PolicyData, tasks: Tasks): Responses {
  const rows = data.promotion.length;
  return { reward: new Float64Array(rows), spend: tasks.cost && new Float64Array(rows) };
}

function addResponses(
  sum: Responses,
  part: Responses,
  weight: number,
  keep: (i: number) => boolean,
  data: PolicyData,
): void {
  for (let i = 0; i < data.count; i++) {
    if (!keep(i)) continue;
    for (let row = data.offsets[i]!; row < data.offsets[i + 1]!; row++) {
      sum.reward[row]! += weight * part.reward[row]!;
      if (sum.spend !== undefined) sum.spend[row]! += weight * part.spend![row]!;
    }
  }
}
