/** Ridge regressions of many outcomes on the same states, cross-fitted: the states' products are summed once. */

import type { PolicyData } from './policy-data.ts';
import { accumulate, factorOf, normalOf, predictRidge, solveFactored, totalOf } from './ridge.ts';

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
        if (fold < 0 || outcome[i] === 0) return;
        const moment = moments[fold]!;
        const state = stateOf(i);
        for (let k = 0; k < width; k++) if (state[k] !== 0) moment[k]! += state[k]! * outcome[i]!;
        moment[width]! += outcome[i]!;
      });
      const weights = factors.map((factor, fold) => solveFactored(factor, added(seenBy(fold), moments)));
      const left = new Float64Array(data.count);
      const mean = new Float64Array(data.count);
      for (let i = 0; i < data.count; i++) {
        const each = weights.map((w) => predictRidge(w, stateOf(i)));
        mean[i] = each.reduce((sum, x) => sum + x, 0) / foldCount;
        left[i] = each[folds[i]!] ?? mean[i]!;
      }
      return { left, mean, at: (states) => meanAt(weights, states, width) };
    },
  };
}

function meanAt(weights: readonly Float64Array[], states: Float32Array, width: number): Float64Array {
  return Float64Array.from({ length: states.length / width }, (_, i) => {
    const state = states.subarray(i * width, (i + 1) * width);
    return weights.reduce((sum, w) => sum + predictRidge(w, state), 0) / weights.length;
  });
}

function added(folds: readonly number[], moments: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(moments[0]!.length);
  for (const fold of folds) for (let k = 0; k < out.length; k++) out[k]! += moments[fold]![k]!;
  return out;
}
