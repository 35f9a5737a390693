/**
 * Which pairs share a batch, so that each has neighbours among its negatives: near in the encoder's own eyes, asked again
 * as it learns (Xiong et al. 2021, ANCE, arXiv 2007.00808), but not nearly as near as a pair's own two texts, for such a
 * neighbour is likely the same product (Moreira et al. 2024, NV-Retriever, arXiv 2407.15831, section 4.2: TopK-PercPos).
 */

import { products } from '../../shared/recommend/parts.ts';

export interface HardNegatives {
  /** Pairs that stand beside each one because they are near it; 0 leaves batches as they are drawn. */
  neighbours: number;
  /** A neighbour nearer than this share of a pair's own likeness is taken for the same thing, and kept apart. */
  margin: number;
  /** Batches' worth of pairs that neighbours are looked for in. */
  pool: number;
}

/**
 * An order of pairs in which groups of neighbours stand together.
 * @param a unit vectors of the pairs' first texts @param b of their second ones, [pairs, width]
 * @returns every pair once
 */
export function besideNeighbours(
  a: Float32Array,
  b: Float32Array,
  width: number,
  { neighbours, margin }: HardNegatives,
): number[] {
  const pairs = a.length / width;
  const likeness = Array.from({ length: pairs }, (_, i) =>
    products({ width, data: b }, a.subarray(i * width, (i + 1) * width)),
  );
  const own = (i: number): number => likeness[i]![i]!;
  /** The nearer of both ways round: each pair is the other's negative. */
  const between = (i: number, j: number): number => Math.max(likeness[i]![j]!, likeness[j]![i]!);
  const apart = (i: number, j: number): boolean => between(i, j) < margin * Math.min(own(i), own(j));
  const left = new Set(Array(pairs).keys());
  const order: number[] = [];
  for (const seed of left) {
    left.delete(seed);
    const near = [...left].sort((i, j) => between(seed, j) - between(seed, i));
    const group = [seed];
    for (const i of near) {
      if (group.length > neighbours) break;
      if (group.every((member) => apart(member, i))) group.push(i);
    }
    for (const i of group) left.delete(i);
    order.push(...group);
  }
  return order;
}
