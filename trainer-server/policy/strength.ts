/** Which strength of the conservative penalty the evidence favours. */

import type { Random } from '../../shared/random.ts';
import { bootstrap, type Interval } from '../evaluate/bootstrap.ts';
import { doublyRobust } from '../evaluate/estimators/doubly-robust.ts';
import { evidenceOf } from '../evaluate/evidence.ts';
import type { PolicyData } from './policy-data.ts';
import { type Predictions, qOf } from './predict.ts';
import type { Unit } from './returns.ts';

export interface StrengthChoice {
  strength: number;
  values: (Interval & { strength: number })[];
}

/**
 * Compares the greedy policies of each strength by doubly robust value, each decision judged by a teacher that never
 * saw its visitor, which is also the reward model.
 */
export function chooseStrength(
  ensembles: readonly { strength: number; left: Predictions }[],
  data: PolicyData,
  propensity: Float64Array,
  unit: Unit,
  random: Random,
): StrengthChoice {
  const values = ensembles.map(({ strength, left }) => {
    const q = qOf(data, left, unit);
    const evidence = evidenceOf(data, greedyProbabilities(data, q), q, propensity);
    const interval = bootstrap(doublyRobust.contributions(evidence), evidence.cluster, random.fork('b'), 200);
    return { strength, ...interval };
  });
  const best = values.reduce((a, b) => (b.value > a.value ? b : a));
  return { strength: best.strength, values };
}

/** All probability on the largest value, [rows]. */
export function greedyProbabilities(data: PolicyData, q: ArrayLike<number>): Float64Array {
  const p = new Float64Array(q.length);
  for (let i = 0; i < data.count; i++) {
    let best = data.offsets[i]!;
    for (let row = best; row < data.offsets[i + 1]!; row++) if (q[row]! > q[best]!) best = row;
    p[best] = 1;
  }
  return p;
}
