/** Ridge regressions of many outcomes on the same states, cross-fitted: the states' products are summed once. */

import type { PolicyData } from './policy-data.ts';
import { accumulate, factorOf, normalOf, solveFactored, totalOf } from './ridge.ts';

export interface StateRidge {
  /** Outcomes [n] as the models of the folds expect them. */
  fit(outcome: Float64Array): Expected;
}

export interface Expected {
  /** By models that never saw the visitor, [n]. */
  left: Float64Array;
  /** The mean of all models, [n]. */
  mean: Float64Array;
  /** The same at other states, [n, width]. */
  at(states: Float32Array): Float64Array;
}

/**
 * @param folds of each decision; those of a negative fold are answered but never learned from
 * @param penalty in observations
 */
export function stateRidge(
  data: PolicyData,
  folds: Int32Array,
  foldCount: number,
  penalty: number,
): StateRidge {
  const width = data.sessionWidth + data.contextWidth;
  const stateOf = (i: number): Float32Array => data.states.subarray(i * width, (i + 1) * width);
  const own = Array.from({ length: foldCount }, () => normalOf(width));
  folds.forEach((fold, i) => {
    if (fold >= 0) accumulate(own[fold]!, stateOf(i), 0);
  });
  // With one fold there is nobody to leave out.
  const seenBy = (fold: number): number[] =>
    [...own.keys()].filter((other) => foldCount === 1 || other !== fold);
  const factors = own.map((_, fold) => factorOf(totalOf(seenBy(fold).map((other) => own[other]!)), penalty));
  return {
    fit(outcome) {
      const moments = own.map(() => new Float64Array(width + 1));
      folds.forEach((fold, i) => {
        const y = outcome[i]!;
        if (fold < 0 || y === 0) return;
        const moment = moments[fold]!;
        for (let k = 0, at = i * width; k < width; k++, at++) moment[k]! += data.states[at]! * y;
        moment[width]! += y;
      });
      const weights = factors.map((factor, fold) => solveFactored(factor, added(seenBy(fold), moments)));
      const left = new Float64Array(data.count);
      const mean = new Float64Array(data.count);
      expectAt(data.states, width, weights, (i, each, average) => {
        mean[i] = average;
        left[i] = each[folds[i]!] ?? average;
      });
      return { left, mean, at: (states) => meanAt(weights, states, width) };
    },
  };
}

function meanAt(weights: readonly Float64Array[], states: Float32Array, width: number): Float64Array {
  const out = new Float64Array(states.length / width);
  expectAt(states, width, weights, (i, _, average) => {
    out[i] = average;
  });
  return out;
}

/** What each model expects of every state, and the mean of that. `hear` must not keep what it is told. */
function expectAt(
  states: Float32Array,
  width: number,
  weights: readonly Float64Array[],
  hear: (i: number, each: Float64Array, average: number) => void,
): void {
  const each = new Float64Array(weights.length);
  const places = new Int32Array(width);
  for (let i = 0, from = 0; from < states.length; i++, from += width) {
    // Most features are 0: those that are not are looked for once for all models.
    let known = 0;
    for (let k = 0; k < width; k++) if (states[from + k] !== 0) places[known++] = k;
    let total = 0;
    for (let fold = 0; fold < weights.length; fold++) {
      const w = weights[fold]!;
      let sum = w[width]!;
      for (let n = 0; n < known; n++) sum += w[places[n]!]! * states[from + places[n]!]!;
      each[fold] = sum;
      total += sum;
    }
    hear(i, each, total / weights.length);
  }
}

function added(folds: readonly number[], moments: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(moments[0]!.length);
  for (const fold of folds) for (let k = 0; k < out.length; k++) out[k]! += moments[fold]![k]!;
  return out;
}
