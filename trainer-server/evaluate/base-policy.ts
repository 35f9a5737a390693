/** What a candidate is compared with: the running release, or showing nothing. */

import { NONE_ID } from '../../shared/promotion.ts';
import type { PolicyData } from '../policy/policy-data.ts';
import { doublyRobust } from './estimators/doubly-robust.ts';
import type { Contributions } from './estimators/estimator.ts';
import { evidenceOf } from './evidence.ts';

export interface BasePolicy {
  /** Probabilities, [rows]. */
  rows: Float64Array;
  /** 1 for decisions in which `none` was not possible: there the log itself stands for it, [n]. */
  isLogged: Uint8Array;
}

/** Nothing shown, wherever that was possible. */
export function showNothing(data: PolicyData): BasePolicy {
  const rows = new Float64Array(data.offsets[data.count]!);
  const isLogged = new Uint8Array(data.count);
  const none = data.promotions.indexOf(NONE_ID);
  for (let i = 0; i < data.count; i++) {
    const own = data.promotion.subarray(data.offsets[i]!, data.offsets[i + 1]!);
    const at = own.indexOf(none);
    if (at >= 0) rows[data.offsets[i]! + at] = 1;
    else isLogged[i] = 1;
  }
  return { rows, isLogged };
}

/** @param rows probabilities of the running release, [rows] */
export const runningRelease = (rows: Float64Array, data: PolicyData): BasePolicy => ({
  rows,
  isLogged: new Uint8Array(data.count),
});

/** Doubly robust value of the base, decision by decision. */
export function baseContributions(
  base: BasePolicy,
  data: PolicyData,
  modelled: Float64Array,
  propensity: Float64Array,
): Contributions {
  const { part, per } = doublyRobust.contributions(evidenceOf(data, base.rows, modelled, propensity));
  return { part: part.map((x, i) => (base.isLogged[i] === 1 ? data.reward[i]! : x)), per };
}
