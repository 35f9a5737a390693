/**
 * What a release remembers of the log behind its relations: counts of pairs, no shopper and no visit. `train --from` on
 * newer data alone adds its own counts to these, so that what was learned before is not forgotten. Kept in the bundle's
 * `trainer/` folder, never published.
 */

import { type Tensors, tensorOf } from '../../shared/tensors.ts';

export const RELATIONS = ['next', 'before', 'together'] as const;
export type RelationName = (typeof RELATIONS)[number];

/** Decayed counts of one relation, the strongest neighbours of each row. */
export interface PairCounts {
  width: number;
  /** Rows of the neighbours, then -1, [rows * width]. */
  index: Int32Array;
  /** [rows * width]. */
  count: Float32Array;
  /** Observations of each row, [rows]. */
  evidence: Float32Array;
}

export interface CountMemory {
  relations: Record<RelationName, PairCounts>;
  /** Of baskets, substitutes among them; absent where the log told of none. */
  complements?: PairCounts | undefined;
  /** Decayed touches, [rows]. */
  touches: Float32Array;
  /** Epoch ms of the newest observation; NaN where the log had no times. */
  newest: number;
}

export function emptyCounts(rows: number, width: number): PairCounts {
  return {
    width,
    index: new Int32Array(rows * width).fill(-1),
    count: new Float32Array(rows * width),
    evidence: new Float32Array(rows),
  };
}

/** The same memory in the rows of another catalogue. @param rowOf of an earlier row; undefined where it is gone */
export function inRows(
  memory: CountMemory,
  rows: number,
  rowOf: (earlier: number) => number | undefined,
): CountMemory {
  const relations = Object.fromEntries(
    RELATIONS.map((name) => [name, movedCounts(memory.relations[name], rows, rowOf)]),
  ) as Record<RelationName, PairCounts>;
  const touches = new Float32Array(rows);
  memory.touches.forEach((count, earlier) => {
    const row = rowOf(earlier);
    if (row !== undefined) touches[row] = count;
  });
  const complements = memory.complements && movedCounts(memory.complements, rows, rowOf);
  return { relations, complements, touches, newest: memory.newest };
}

function movedCounts(
  { width, index, count, evidence }: PairCounts,
  rows: number,
  rowOf: (earlier: number) => number | undefined,
): PairCounts {
  const out = emptyCounts(rows, width);
  evidence.forEach((observed, earlier) => {
    const row = rowOf(earlier);
    if (row === undefined) return;
    out.evidence[row] = observed;
    let to = row * width;
    for (let at = earlier * width; at < (earlier + 1) * width && index[at]! >= 0; at++) {
      const neighbour = rowOf(index[at]!);
      if (neighbour === undefined) continue;
      out.index[to] = neighbour;
      out.count[to++] = count[at]!;
    }
  });
  return out;
}

/** The tensors and the metadata of counts.safetensors. */
export function memoryTensors({ relations, complements, touches, newest }: CountMemory): {
  tensors: Tensors;
  metadata: Record<string, string>;
} {
  const rows = touches.length;
  const tensors: Tensors = { touches: { shape: [rows], data: touches } };
  for (const [name, counts] of Object.entries({ ...relations, complements })) {
    if (counts === undefined) continue;
    const { width, index, count, evidence } = counts;
    tensors[`${name}.index`] = { shape: [rows, width], data: index };
    tensors[`${name}.count`] = { shape: [rows, width], data: count };
    tensors[`${name}.evidence`] = { shape: [rows], data: evidence };
  }
  return { tensors, metadata: { newest: String(newest) } };
}

/** The inverse of memoryTensors. @throws BadInput */
export function readMemory(tensors: Tensors, metadata: Record<string, string>): CountMemory {
  const { shape, data: touches } = tensorOf(tensors, 'touches');
  const rows = shape[0]!;
  const relations = Object.fromEntries(
    RELATIONS.map((name) => [name, readCounts(tensors, name, rows)]),
  ) as Record<RelationName, PairCounts>;
  // A log without baskets left none, and so did releases made before they were kept.
  const complements =
    tensors['complements.index'] === undefined ? undefined : readCounts(tensors, 'complements', rows);
  return { relations, complements, touches: touches as Float32Array, newest: Number(metadata.newest) };
}

function readCounts(tensors: Tensors, name: string, rows: number): PairCounts {
  const { shape, data: index } = tensorOf(tensors, `${name}.index`);
  const width = shape[1]!;
  const count = tensorOf(tensors, `${name}.count`, [rows, width]).data as Float32Array;
  const evidence = tensorOf(tensors, `${name}.evidence`, [rows]).data as Float32Array;
  return { width, index: index as Int32Array, count, evidence };
}
