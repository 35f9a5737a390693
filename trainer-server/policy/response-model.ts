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

import { type Bilinear, type Design, logistic, predictBilinear } from './bilinear.ts';
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
}

export interface ResponseModel {
  /** Of the log that it was fitted on, or of one that differs from it in its states alone. */
  answers(data: PolicyData): Promise<CrossFitted>;
  /** Penalties chosen, for the report. */
  penalties: Record<string, number>;
}

/** What one fold's visitors had no part in. */
interface FoldModel {
  click: Bilinear | undefined;
  happens: Bilinear | undefined;
  size: Bilinear;
  cost: Bilinear | undefined;
}

/**
 * @param folds of each decision; those of a negative fold are answered but never learned from
 * @param solver must stay open for as long as answers are wanted
 */
export async function fitResponses(
  data: PolicyData,
  folds: Int32Array,
  foldCount: number,
  solver: Solver,
  options: ResponseOptions = RESPONSE,
): Promise<ResponseModel> {
  const tasks = tasksOf(data, options);
  const penalties: Record<string, number> = {};
  const plain = designOf(data, solver, options.mean);
  const models: FoldModel[] = [];
  for (let fold = 0; fold < foldCount; fold++) {
    const split = splitOf(data, folds, fold, foldCount);
    const learned = async (task: Task, design: Design): Promise<Bilinear> => {
      const known = penalties[task.name];
      const candidates = known === undefined ? options.own : [known];
      const model = await fitTask(task, design, split, candidates, options.base, options.errors);
      penalties[task.name] = model.options.own;
      return model;
    };
    const click = tasks.click && (await learned(tasks.click, plain));
    const design = await withMotives(data, plain, click, options);
    models.push({
      click,
      happens: tasks.happens && (await learned(tasks.happens, design)),
      size: await learned(tasks.size, design),
      cost: tasks.cost && (await learned(tasks.cost.task, design)),
    });
  }
  return {
    penalties,
    async answers(log) {
      const left = emptyResponses(log, tasks);
      const mean = emptyResponses(log, tasks);
      const known = designOf(log, solver, options.mean);
      for (const [fold, model] of models.entries()) {
        const part = await assemble(log, tasks, model, await withMotives(log, known, model.click, options));
        addResponses(mean, part, 1 / foldCount, () => true, log);
        addResponses(left, part, 1, (i) => folds[i] === fold, log);
      }
      return { left, mean };
    },
  };
}

async function withMotives(
  data: PolicyData,
  plain: Design,
  click: Bilinear | undefined,
  options: ResponseOptions,
): Promise<Design> {
  return click === undefined ? plain : withClicks(data, plain, await predictBilinear(click, plain), options);
}

async function assemble(
  data: PolicyData,
  tasks: Tasks,
  model: FoldModel,
  design: Design,
): Promise<Responses> {
  const happens = model.happens && (await predictBilinear(model.happens, design)).map(logistic);
  const size = await predictBilinear(model.size, design);
  const cost = model.cost && (await predictBilinear(model.cost, design));
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
