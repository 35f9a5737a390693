/** Q of many logged decisions at once, by one network or the mean of several. */

import { MEANING_WIDTH } from '../../shared/features/actions.ts';
import type { QHeadConfig } from '../../shared/models/q-head.ts';
import { add, inferenceModel, linear, mul, openSession, type Value } from '../graph/index.ts';
import { type Batch, batchOf } from './batch.ts';
import { type PolicyData, widestChoice } from './policy-data.ts';
import { type Parameters, qValues } from './q-network.ts';
import type { Unit } from './returns.ts';

const SIZE = 256;

export interface Predictions {
  /** Values, advantages centred over the eligible promotions, in the network's unit. */
  value: Float32Array;
  /** Of the immediate reward, where the networks have that output, else `value`; [n]. */
  level: Float32Array;
  /** [rows], as in PolicyData. */
  advantage: Float32Array;
}

/**
 * @param networks each with the head's names, and `level.w`, `level.b` where it has them
 * @param indices which decisions; the others' entries stay 0
 * @param price for networks that take the price of budget
 */
export async function predict(
  networks: readonly Parameters[],
  config: QHeadConfig,
  ids: number,
  data: PolicyData,
  indices: ArrayLike<number> = Int32Array.from({ length: data.count }, (_, i) => i),
  price?: number,
): Promise<Predictions> {
  const widest = widestChoice(data);
  const session = await openSession(ensembleOnnx(networks, config, widest));
  const out: Predictions = {
    value: new Float32Array(data.count),
    level: new Float32Array(data.count),
    advantage: new Float32Array(data.offsets[data.count]!),
  };
  let batch: Batch | undefined;
  try {
    for (let from = 0; from < indices.length; from += SIZE) {
      const part = Array.from(
        { length: Math.min(SIZE, indices.length - from) },
        (_, i) => indices[from + i]!,
      );
      batch = batchOf(data, part, { size: SIZE, widest, ids }, price === undefined ? {} : { price }, batch);
      const { value, level, advantage } = await session.run({
        state: { shape: [SIZE, 1, config.sessionWidth + config.contextWidth], data: batch.state },
        actions: { shape: [SIZE, widest, data.termsWidth + MEANING_WIDTH], data: batch.actions },
        eligible: { shape: [SIZE, widest, 1], data: batch.eligible },
      });
      part.forEach((i, b) => {
        out.value[i] = value!.data[b]!;
        out.level[i] = level!.data[b]!;
        const count = data.offsets[i + 1]! - data.offsets[i]!;
        out.advantage.set(advantage!.data.subarray(b * widest, b * widest + count), data.offsets[i]!);
      });
    }
  } finally {
    await session.close();
  }
  return out;
}

function ensembleOnnx(networks: readonly Parameters[], config: QHeadConfig, widest: number): Uint8Array {
  const parameters: Parameters = {};
  networks.forEach((network, k) => {
    for (const [name, tensor] of Object.entries(network)) parameters[`${k}.${name}`] = tensor;
  });
  return inferenceModel({
    inputs: {
      state: { dtype: 'f32', shape: [SIZE, 1, config.sessionWidth + config.contextWidth] },
      actions: { dtype: 'f32', shape: [SIZE, widest, config.actionWidth] },
      eligible: { dtype: 'f32', shape: [SIZE, widest, 1] },
    },
    parameters,
    build: (_, p, x) => {
      const all = networks.map((network, k) => {
        const own = Object.fromEntries(Object.keys(network).map((name) => [name, p[`${k}.${name}`]!]));
        const q = qValues(own, config, x.state!, x.actions!, x.eligible!);
        const [w, b] = [own['level.w'], own['level.b']];
        return { ...q, level: w === undefined || b === undefined ? q.value : linear(q.trunk, w, b) };
      });
      const meanOf = (part: 'value' | 'level' | 'advantage'): Value =>
        mul(
          all.map((q) => q[part]).reduce((a, b) => add(a, b)),
          1 / all.length,
        );
      return { value: meanOf('value'), level: meanOf('level'), advantage: meanOf('advantage') };
    },
  });
}

/** Modelled rewards in the log's own unit, [rows], as the networks put them. */
export function predictionsOf(data: PolicyData, reward: Float64Array, unit: Unit): Predictions {
  const level = new Float32Array(data.count);
  const advantage = new Float32Array(reward.length);
  for (let i = 0; i < data.count; i++) {
    const [from, to] = [data.offsets[i]!, data.offsets[i + 1]!];
    const mean = meanOf(reward.subarray(from, to));
    level[i] = (mean - unit.offset) / unit.scale;
    for (let row = from; row < to; row++) advantage[row] = (reward[row]! - mean) / unit.scale;
  }
  return { value: level.slice(), level, advantage };
}

/** The same with what comes later, in the log's own unit, [rows]: values and advantages of both, levels as they were. */
export function withLater(
  data: PolicyData,
  { value, level, advantage }: Predictions,
  later: Float64Array | undefined,
  unit: Unit,
): Predictions {
  if (later === undefined) return { value, level, advantage };
  const added = predictionsOf(data, later, { offset: 0, scale: unit.scale });
  return {
    level,
    value: value.map((x, i) => x + added.level[i]!),
    advantage: advantage.map((x, row) => x + added.advantage[row]!),
  };
}

/** Q in the log's own unit, [rows]: the state's level plus what each promotion adds. */
export function qOf(data: PolicyData, { level, advantage }: Predictions, unit: Unit): Float32Array {
  const q = new Float32Array(advantage.length);
  for (let i = 0; i < data.count; i++) {
    for (let row = data.offsets[i]!; row < data.offsets[i + 1]!; row++) {
      q[row] = unit.offset + unit.scale * (level[i]! + advantage[row]!);
    }
  }
  return q;
}

const meanOf = (values: Float64Array): number => values.reduce((sum, x) => sum + x, 0) / values.length;
