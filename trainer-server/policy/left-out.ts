/** Judging teachers on the fold of visitors that each never saw. */

import type { QHeadConfig } from '../../shared/models/q-head.ts';
import type { Member } from './member.ts';
import type { PolicyData } from './policy-data.ts';
import { type Predictions, predict } from './predict.ts';
import type { Parameters } from './q-network.ts';

/** Mean squared error of Q on the fold this member never saw. */
export function leftOutLoss(
  { value, advantage }: Predictions,
  { fold }: Member,
  data: PolicyData,
  folds: Int32Array,
  targets: Float32Array,
): number {
  const own = indicesOf(folds, fold);
  let sum = 0;
  for (const i of own) {
    const q = value[i]! + advantage[data.offsets[i]! + data.chosen[i]!]!;
    sum += (q - targets[i]!) ** 2;
  }
  return sum / Math.max(1, own.length);
}

/** Every decision judged by the network that never saw its visitor. */
export async function leftOutPredictions(
  networks: readonly Parameters[],
  members: readonly Member[],
  config: QHeadConfig,
  ids: number,
  data: PolicyData,
  folds: Int32Array,
): Promise<Predictions> {
  let all: Predictions | undefined;
  for (const [m, { fold }] of members.entries()) {
    const part = await predict([networks[m]!], config, ids, data, indicesOf(folds, fold));
    if (all === undefined) all = part;
    else for (const key of ['value', 'level', 'advantage'] as const) addInto(all[key], part[key]);
  }
  return all!;
}

function addInto(sum: Float32Array, part: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!;
}

const indicesOf = (folds: Int32Array, fold: number): number[] =>
  [...folds.keys()].filter((i) => folds[i] === fold);
