/** How far to trust the networks' corrections: least squares on decisions that they never saw (stacking, Wolpert 1992). */

import type { PolicyData } from './policy-data.ts';
import type { Predictions } from './predict.ts';

export interface Correction {
  /** From 0 to 1: how much of the correction predicts best. */
  weight: number;
  /** Standard errors, clustered by visitor, by which left-out visitors speak for any correction at all. */
  errors: number;
}

/** A decision counts for at most as much as so many. Ionides 2008, Truncated importance sampling. */
const HEAVIEST = 20;

/**
 * Of the networks' advantages on top of the linear teacher's, by decisions that neither saw. Each is weighed as if every
 * eligible promotion had been as likely: advantages sum to nothing over those, so an error of the level, which is the
 * same for all of them, speaks neither for nor against a correction, whatever the log preferred (Robinson 1988).
 */
export function correctionOf(
  data: PolicyData,
  linear: Predictions,
  networks: Predictions,
  targets: Float32Array,
): Correction {
  const advantage = new Float64Array(data.count);
  const unexplained = new Float64Array(data.count);
  for (let i = 0; i < data.count; i++) {
    const taken = data.offsets[i]! + data.chosen[i]!;
    const eligible = data.offsets[i + 1]! - data.offsets[i]!;
    const propensity = data.propensity[i]!;
    // Least squares with a weight is least squares of what its root multiplies.
    const root = Math.sqrt(propensity > 0 ? Math.min(HEAVIEST, 1 / (eligible * propensity)) : 1);
    advantage[i] = root * networks.advantage[taken]!;
    unexplained[i] = root * (targets[i]! - linear.value[i]! - networks.value[i]! - linear.advantage[taken]!);
  }
  return borneOut(advantage, unexplained, data.visitor);
}

/** Of what the networks say of the level of rewards, by decisions that neither saw. */
export function levelCorrectionOf(
  data: PolicyData,
  linear: Predictions,
  networks: Predictions,
  rewards: Float32Array,
): Correction {
  const unexplained = Float64Array.from({ length: data.count }, (_, i) => {
    return rewards[i]! - linear.level[i]! - linear.advantage[data.offsets[i]! + data.chosen[i]!]!;
  });
  return borneOut(Float64Array.from(networks.level), unexplained, data.visitor);
}

/** How far what was predicted of decisions that the predictor never saw bears on what is left to explain, [n] each. */
export function borneOut(
  predicted: Float64Array,
  unexplained: Float64Array,
  visitor: Int32Array,
): Correction {
  const byVisitor = new Map<number, number>();
  let xx = 0;
  let xy = 0;
  predicted.forEach((x, i) => {
    const product = x * unexplained[i]!;
    xx += x * x;
    xy += product;
    byVisitor.set(visitor[i]!, (byVisitor.get(visitor[i]!) ?? 0) + product);
  });
  let squares = 0;
  for (const each of byVisitor.values()) squares += each * each;
  return {
    weight: xx === 0 ? 0 : Math.max(0, Math.min(1, xy / xx)),
    errors: squares === 0 ? 0 : xy / Math.sqrt(squares),
  };
}

/** The weight at the lower end of its interval, so many standard errors wide to either side. */
export const surelyBorne = ({ weight, errors }: Correction, wide: number): number =>
  errors > wide ? weight * (1 - wide / errors) : 0;

/** The linear teacher's word, with the networks' corrections. */
export function corrected(
  linear: Predictions,
  networks: Predictions,
  { advantage = 1, level = 1 }: { advantage?: number; level?: number } = {},
): Predictions {
  const add = (x: Float32Array, z: Float32Array, w: number): Float32Array =>
    x.map((value, i) => value + w * z[i]!);
  return {
    value: add(linear.value, networks.value, 1),
    level: add(linear.level, networks.level, level),
    advantage: add(linear.advantage, networks.advantage, advantage),
  };
}
