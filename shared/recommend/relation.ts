/** Item-to-item relations as a device holds them: for each product its strongest neighbours. */

import { BadInput } from '../errors.ts';
import { type Tensors, tensorOf } from '../tensors.ts';

export interface Relation {
  /** Neighbours kept a product. */
  width: number;
  /** Rows of the neighbours, -1 for none, [rows * width], strongest first. */
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

export function relationTensors(name: string, relation: Relation): Tensors {
  const rows = relation.trust.length;
  return {
    [`${name}.index`]: { shape: [rows, relation.width], data: relation.index },
    [`${name}.weight`]: { shape: [rows, relation.width], data: relation.weight },
    [`${name}.trust`]: { shape: [rows], data: relation.trust },
  };
}

/** The inverse of relationTensors; undefined where the file has no such relation. @throws BadInput */
export function readRelation(tensors: Tensors, name: string): Relation | undefined {
  if (tensors[`${name}.index`] === undefined) return undefined;
  const { shape, data: index } = tensorOf(tensors, `${name}.index`);
  const { data: weight } = tensorOf(tensors, `${name}.weight`, shape);
  const { data: trust } = tensorOf(tensors, `${name}.trust`, [shape[0]!]);
  if (
    shape.length !== 2 ||
    !(index instanceof Int32Array && weight instanceof Uint8Array && trust instanceof Uint8Array)
  ) {
    throw new BadInput({ field: name }, 'int32 [rows, width] and uint8 tensors', `shape [${shape}]`);
  }
  if (index.some((row) => row >= shape[0]!)) {
    throw new BadInput(
      { field: `${name}.index` },
      `rows below ${shape[0]}`,
      `${index.find((row) => row >= shape[0]!)}`,
    );
  }
  return { width: shape[1]!, index, weight, trust };
}
