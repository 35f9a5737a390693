/** How far to trust the networks' corrections: least squares on decisions that they never saw (stacking, Wolpert 1992). */

import type { PolicyData } from './policy-data.ts';
import type { Predictions } from './predict.ts';

export interface Correction {
  /** From 0 to 1, of the networks' advantages on top of the linear teacher's: what predicts the targets best. */
  weight: number;
  /** Standard errors, clustered by visitor, by which left-out visitors speak for any correction at all. */
  errors: number;
}

/** Of the networks' advantages on top of the linear teacher's, by decisions that neither saw. */
export function correctionOf(
  data: PolicyData,
  linear: Predictions,
  networks: Predictions,
  targets: Float32Array,
): Correction {
  const byVisitor = new Map<number, number>();
  let xx = 0;
  let xy = 0;
  for (let i = 0; i < data.count; i++) {
    const taken = data.offsets[i]! + data.chosen[i]!;
    const x = networks.advantage[taken]!;
    const left = targets[i]! - linear.value[i]! - networks.value[i]! - linear.advantage[taken]!;
    xx += x * x;
    xy += x * left;
    byVisitor.set(data.visitor[i]!, (byVisitor.get(data.visitor[i]!) ?? 0) + x * left);
  }
  let squares = 0;
  for (const each of byVisitor.values()) squares += each * each;
  return {
    weight: xx === 0 ? 0 : Math.max(0, Math.min(1, xy / xx)),
    errors: squares === 0 ? 0 : xy / Math.sqrt(squares),
  };
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
