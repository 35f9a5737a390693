/**
 * What an action does to the visitor's later decisions, within and across sessions: discounts that teach to wait, offers
 * that tire.
 *
 * A regression of the discounted rewards that followed (every-visit Monte Carlo returns of the logging policy; acting
 * greedily on them is one step of policy improvement: Sutton and Barto 2018, sections 5.2 and 4.2). Returns of modelled
 * values would be far less noisy, but were biased where it matters: shoppers who were shown more and bought less look
 * alike in the features whether promotions made them so or not. On a twin of the stationary world that made showing
 * nothing worth 0.8 later, where the truth is 0.3; on one of the discount-trained world it halved what a message is worth.
 *
 * Effects are believed only where left-out visitors clearly show them: else the policy stays myopic, which costs nothing
 * where it is right.
 */

import { designOf } from './designs.ts';
import type { Solver } from './fit-engine.ts';
import { fitTask, splitOf } from './fit-task.ts';
import type { PolicyData } from './policy-data.ts';
import { RESPONSE } from './response-tasks.ts';
import type { Unit } from './returns.ts';

export interface LongRunOptions {
  /** Worth of the next decision's outcome against this one's. */
  discount: number;
  /** Penalties of what actions change, strongest first; the first leaves nothing of it. */
  own: readonly number[];
  /** Standard errors by which left-out visitors must speak for an effect. */
  errors: number;
}

export const LONG_RUN: LongRunOptions = { discount: 0.95, own: [1e9, 10_000, 3000, 1000, 300], errors: 2 };

/** Expected worth of all that follows, in the log's own unit, [rows]. */
export interface LongRun {
  /** By models that never saw the visitor. */
  left: Float64Array;
  mean: Float64Array;
}

/**
 * @param folds of each decision
 * @returns undefined where no decision follows another, or actions change nothing that can be seen
 */
export async function longRunOf(
  data: PolicyData,
  folds: Int32Array,
  foldCount: number,
  unit: Unit,
  solver: Solver,
  options: LongRunOptions = LONG_RUN,
): Promise<LongRun | undefined> {
  if (options.discount === 0 || data.next.every((next) => next < 0)) return undefined;
  const y = returnsOf(data, unit, options.discount);
  const deviation = Math.sqrt(y.reduce((sum, x) => sum + x * x, 0) / data.count) || 1;
  const task = {
    name: 'later',
    link: 'identity',
    y: y.map((x) => x / deviation),
    rows: new Uint8Array(data.count).fill(1),
  } as const;
  const design = designOf(data, solver, Number.POSITIVE_INFINITY);
  const rows = data.promotion.length;
  const run: LongRun = { left: new Float64Array(rows), mean: new Float64Array(rows) };
  let candidates = options.own;
  for (let fold = 0; fold < foldCount; fold++) {
    const split = splitOf(data, folds, fold, foldCount);
    const { eta, penalty } = await fitTask(task, design, split, candidates, RESPONSE.base, options.errors);
    if (penalty === options.own[0]) return undefined;
    candidates = [penalty];
    for (let i = 0; i < data.count; i++) {
      for (let row = data.offsets[i]!; row < data.offsets[i + 1]!; row++) {
        const later = unit.scale * deviation * eta[row]!;
        run.mean[row]! += later / foldCount;
        if (folds[i] === fold) run.left[row] = later;
      }
    }
  }
  return run;
}

/** Discounted rewards after each decision, each above the mean, so that staying longer in the log is no merit, [n]. */
function returnsOf(data: PolicyData, unit: Unit, discount: number): Float64Array {
  const out = new Float64Array(data.count);
  // Decisions are in time order, so a later one is done before the one it follows.
  for (let i = data.count - 1; i >= 0; i--) {
    const next = data.next[i]!;
    if (next < 0) continue;
    out[i] = discount * ((data.reward[next]! - unit.offset) / unit.scale + out[next]!);
  }
  return out;
}
