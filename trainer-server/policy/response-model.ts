/**
 * What each promotion brings, learned in closed form or by convex fits, cross-fitted: the teachers' first word.
 *
 *   clicks   P(click | s, a), where the log has clicks: they are several times as common as purchases and show what
 *            kind of offer moves this shopper (a surrogate: Athey et al. 2019, NBER 26463). The logits of all
 *            promotions then join the state: a short description of the shopper's motives, learned from the plenty.
 *   happens  P(r is not 0 | s, a)                 } a hurdle model (Cragg 1971) where most decisions earn nothing:
 *   size     E[r | r is not 0, s, a]              } what an order is worth adds its noise to the few orders alone
 *   cost     E[spend | ...] as a share of an order's size, where the log has spend: the size is then that before cost,
 *            which promotions hardly change, and what they take off it is nearly certain. Where showing itself costs,
 *            E[spend | s, a]
 *
 * Each penalty is the one with the least error on left-out visitors. The one standard error rule (Hastie, Tibshirani and
 * Friedman 2009, section 7.10) shrank away what teaches shoppers to wait: README.md has the figures.
 */

import { type Design, logistic } from './bilinear.ts';
import { designOf, withClicks } from './designs.ts';
import type { Solver } from './fit-engine.ts';
import { fitTask, splitOf, type Task } from './fit-task.ts';
import type { PolicyData } from './policy-data.ts';
import { type Cost, RESPONSE, type ResponseOptions, type Tasks, tasksOf } from './response-tasks.ts';

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
  solver: Solver,
  options: ResponseOptions = RESPONSE,
): Promise<CrossFitted> {
  const tasks = tasksOf(data, options);
  const penalties: Record<string, number> = {};
  const plain = designOf(data, solver, options.mean);
  const left = emptyResponses(data, tasks);
  const mean = emptyResponses(data, tasks);
  for (let fold = 0; fold < foldCount; fold++) {
    const split = splitOf(data, folds, fold, foldCount);
    const etaOf = async (task: Task, design: Design): Promise<Float64Array> => {
      const known = penalties[task.name];
      const candidates = known === undefined ? options.own : [known];
      const { eta, penalty } = await fitTask(task, design, split, candidates, options.base, options.errors);
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

async function assemble(
  data: PolicyData,
  tasks: Tasks,
  etaOf: (task: Task) => Promise<Float64Array>,
): Promise<Responses> {
  const happens = tasks.happens && (await etaOf(tasks.happens)).map(logistic);
  const size = await etaOf(tasks.size);
  const cost = tasks.cost && (await etaOf(tasks.cost.task));
  const reward = new Float64Array(size.length);
  const spend = cost && new Float64Array(size.length);
  for (let row = 0; row < size.length; row++) {
    const p = happens?.[row] ?? 1;
    const order = tasks.sizeUnit * size[row]!;
    const taken =
      cost === undefined ? 0 : takenOf(tasks.cost!, cost[row]!, data.promotion[row] === 0, p * order);
    reward[row] = p * order - taken;
    if (spend !== undefined) spend[row] = taken;
  }
  return { reward, spend };
}

/** Nobody is paid for being shown a promotion, and showing nothing costs nothing. */
function takenOf({ unit, of }: Cost, eta: number, isNone: boolean, expected: number): number {
  return isNone ? 0 : Math.max(0, unit * eta) * (of === 'order' ? Math.max(0, expected) : 1);
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
