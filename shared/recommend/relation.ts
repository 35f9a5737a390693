/** Item-to-item relations as a device holds them: for each product its strongest neighbours. */

import { BadInput } from '../errors.ts';
import { type Tensors, tensorOf } from '../tensors.ts';

export interface Relation {
  /** Neighbours kept a product. */
  width: number;
  /** Rows of the neighbours, then -1 for none, [rows * width]. */
  index: Int32Array;
  /** Share of each neighbour, in 1/255 of the strongest, [rows * width]. */
  weight: Uint8Array;
  /** How far the evidence can be trusted, in 1/255, [rows]. */
  trust: Uint8Array;
}

/**
 * Adds `scale` times the distribution over the neighbours of `row`. The distribution sums to `trust`: a product
 * seldom seen says little, and says so.
 */
export function addNeighbours(scores: Float32Array, relation: Relation, row: number, scale: number): void {
  const from = row * relation.width;
  let total = 0;
  for (let i = from; i < from + relation.width; i++) total += relation.weight[i]!;
  if (total === 0) return;
  const unit = (scale * relation.trust[row]!) / (255 * total);
  for (let i = from; i < from + relation.width; i++) {
    const neighbour = relation.index[i]!;
    if (neighbour < 0) break;
    scores[neighbour]! += unit * relation.weight[i]!;
  }
}

/** Levels of a weight in a file: its root in 15ths, since small shares are many and need the finer steps. */
const LEVELS = 15;

/**
 * A relation as a file holds it, a third of the plain arrays after compression: the neighbours of a row in the order of
 * their rows, each as its distance from the one before (the first plus one, 0 for none), in three planes of bytes
 * [3, rows, width], low byte first; weights in LEVELS steps.
 */
export function relationTensors(name: string, relation: Relation): Tensors {
  const { width, index, trust } = relation;
  const rows = trust.length;
  const gaps = new Uint8Array(3 * rows * width);
  const weight = new Uint8Array(rows * width);
  for (let from = 0; from < rows * width; from += width) {
    const kept = Array.from({ length: width }, (_, i) => from + i).filter((at) => index[at]! >= 0);
    kept.sort((a, b) => index[a]! - index[b]!);
    let before = -1;
    kept.forEach((at, i) => {
      const gap = index[at]! - before;
      before = index[at]!;
      for (let plane = 0; plane < 3; plane++) gaps[plane * rows * width + from + i] = gap >> (8 * plane);
      weight[from + i] = coarse(relation.weight[at]!);
    });
  }
  return {
    [`${name}.gaps`]: { shape: [3, rows, width], data: gaps },
    [`${name}.weight`]: { shape: [rows, width], data: weight },
    [`${name}.trust`]: { shape: [rows], data: trust },
  };
}

function coarse(weight: number): number {
  const level = Math.max(1, Math.round(LEVELS * Math.sqrt(weight / 255)));
  return Math.round(255 * (level / LEVELS) ** 2);
}

/** The inverse of relationTensors; undefined where the file has no such relation. @throws BadInput */
export function readRelation(tensors: Tensors, name: string): Relation | undefined {
  const index = readIndex(tensors, name);
  if (index === undefined) return undefined;
  const { shape, data: weight } = tensorOf(tensors, `${name}.weight`);
  const { data: trust } = tensorOf(tensors, `${name}.trust`, [shape[0]!]);
  if (
    shape.length !== 2 ||
    weight.length !== index.length ||
    !(weight instanceof Uint8Array && trust instanceof Uint8Array)
  ) {
    throw new BadInput({ field: name }, 'uint8 tensors [rows, width] and [rows]', `shape [${shape}]`);
  }
  const wrong = index.find((row) => row >= shape[0]!);
  if (wrong !== undefined)
    throw new BadInput({ field: `${name}.index` }, `rows below ${shape[0]}`, `${wrong}`);
  return { width: shape[1]!, index, weight, trust };
}

function readIndex(tensors: Tensors, name: string): Int32Array | undefined {
  const plain = tensors[`${name}.index`]?.data;
  // Releases made before the planes hold the rows themselves.
  if (plain instanceof Int32Array) return plain;
  if (tensors[`${name}.gaps`] === undefined) return undefined;
  const { shape, data: gaps } = tensorOf(tensors, `${name}.gaps`);
  const width = shape[2] ?? 0;
  const size = gaps.length / 3;
  if (shape.length !== 3 || shape[0] !== 3 || !(gaps instanceof Uint8Array))
    throw new BadInput({ field: `${name}.gaps` }, 'uint8 [3, rows, width]', `shape [${shape}]`);
  const index = new Int32Array(size).fill(-1);
  for (let from = 0; from < size; from += width) {
    let row = -1;
    for (let at = from; at < from + width; at++) {
      const gap = gaps[at]! | (gaps[size + at]! << 8) | (gaps[2 * size + at]! << 16);
      if (gap === 0) break;
      row += gap;
      index[at] = row;
    }
  }
  return index;
}
