/**
 * What an action does to the visitor's later decisions, within and across sessions: discounts that teach to wait, offers
 * that tire.
 *
 * Fitted policy iteration on the log (Antos, Szepesvari and Munos 2008): each later state is worth what the greedy
 * policy is expected to earn in it, by response models that never saw the visitor. Modelled values instead of the
 * rewards that happened to follow take the luck of purchases out of long returns (the model-based end of TD(lambda)).
 * Effects of actions are believed only where left-out visitors clearly show them: else the policy stays myopic, which
 * costs nothing where it is right.
 */

import { foldsOf, type PolicyData } from './policy-data.ts';
import { designOf, fitTask, RESPONSE, splitOf } from './response-model.ts';

export interface LongRunOptions {
  /** Worth of the next decision's outcome against this one's. */
  discount: number;
  /** Rounds of valuing states by the policy of the round before. */
  rounds: number;
  /** Penalties of what actions change, strongest first; the first leaves nothing of it. */
  own: readonly number[];
}

export const LONG_RUN: LongRunOptions = { discount: 0.95, rounds: 3, own: [1e9, 1000, 300] };

export interface LongRun {
  /** Added to the reward, [rows], centred on nothing: also the state's own prospects. */
  left: Float64Array;
  mean: Float64Array;
}

/**
 * @param reward expected at once, by models that never saw the visitor, [rows]
 * @returns undefined where no decision follows another, or actions change nothing that can be seen
 */
export function longRunOf(
  data: PolicyData,
  reward: Float64Array,
  foldCount: number,
  options: LongRunOptions = LONG_RUN,
): LongRun | undefined {
  if (options.discount === 0 || data.next.every((next) => next < 0)) return undefined;
  const folds = foldsOf(data, foldCount);
  const design = designOf(data, Number.POSITIVE_INFINITY);
  const rows = new Uint8Array(data.count).fill(1);
  let run: LongRun | undefined;
  let candidates = options.own;
  for (let round = 0; round < options.rounds; round++) {
    const { y, unit } = prospects(data, reward, run?.left, options.discount);
    const next: LongRun = { left: new Float64Array(reward.length), mean: new Float64Array(reward.length) };
    for (let fold = 0; fold < foldCount; fold++) {
      const split = splitOf(data, folds, fold, foldCount);
      const task = { name: 'later', link: 'identity', y, rows } as const;
      const { eta, penalty } = fitTask(task, design, split, candidates, RESPONSE.base);
      if (penalty === options.own[0]) return undefined;
      candidates = [penalty];
      for (let i = 0; i < data.count; i++) {
        for (let row = data.offsets[i]!; row < data.offsets[i + 1]!; row++) {
          next.mean[row]! += (unit * eta[row]!) / foldCount;
          if (folds[i] === fold) next.left[row] = unit * eta[row]!;
        }
      }
    }
    run = next;
  }
  return run;
}

/** Discounted worth of all later states above the mean state, [n], divided by its deviation. */
function prospects(
  data: PolicyData,
  reward: Float64Array,
  later: Float64Array | undefined,
  discount: number,
): { y: Float64Array; unit: number } {
  const worth = new Float64Array(data.count);
  for (let i = 0; i < data.count; i++) {
    let best = data.offsets[i]!;
    const total = (row: number): number => reward[row]! + (later?.[row] ?? 0);
    for (let row = best; row < data.offsets[i + 1]!; row++) if (total(row) > total(best)) best = row;
    worth[i] = reward[best]!;
  }
  const mean = worth.reduce((sum, x) => sum + x, 0) / data.count;
  const y = new Float64Array(data.count);
  // Decisions are in time order, so a later one is done before the one it follows.
  for (let i = data.count - 1; i >= 0; i--) {
    const next = data.next[i]!;
    if (next >= 0) y[i] = discount * (worth[next]! - mean + y[next]!);
  }
  const unit = Math.sqrt(y.reduce((sum, x) => sum + x * x, 0) / data.count) || 1;
  return { y: y.map((x) => x / unit), unit };
}
