/** How far to trust the networks' corrections: least squares on decisions that they never saw (stacking, Wolpert 1992). */

import type { PolicyData } from './policy-data.ts';
import type { Predictions } from './predict.ts';

/**
 * Weight from 0 to 1 of the networks' advantages on top of the linear teacher's: the one that predicts the left-out
 * targets best. Corrections that are noise get none.
 */
export function correctionWeight(
  data: PolicyData,
  linear: Predictions,
  networks: Predictions,
  targets: Float32Array,
): number {
  let xx = 0;
  let xy = 0;
  for (let i = 0; i < data.count; i++) {
    const taken = data.offsets[i]! + data.chosen[i]!;
    const x = networks.advantage[taken]!;
    const left = targets[i]! - linear.value[i]! - networks.value[i]! - linear.advantage[taken]!;
    xx += x * x;
    xy += x * left;
  }
  return xx === 0 ? 0 : Math.max(0, Math.min(1, xy / xx));
}

/** The linear teacher's word, with the networks' corrections. */
export function corrected(linear: Predictions, networks: Predictions, weight = 1): Predictions {
  const add = (x: Float32Array, z: Float32Array, w: number): Float32Array =>
    x.map((value, i) => value + w * z[i]!);
  return {
    value: add(linear.value, networks.value, 1),
    level: add(linear.level, networks.level, 1),
    advantage: add(linear.advantage, networks.advantage, weight),
  };
}
