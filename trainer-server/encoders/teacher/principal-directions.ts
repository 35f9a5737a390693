/** Vectors in fewer dimensions, the most telling first. */

import type { Random } from '../../../shared/random.ts';

/** Rounds of orthogonal iteration: neighbouring directions may still mix a little, the space that they span is settled. */
const ROUNDS = 12;
/** Vectors that the directions are found on. */
const MOST = 4000;

/**
 * The directions [count, width], orthonormal, in which the vectors' inner products are kept best: the leading
 * eigenvectors of their second moments, by orthogonal iteration (Golub and Van Loan, Matrix Computations, 8.2.4). The
 * mean is not taken off: inner products are to stay what they are.
 * @param vectors [rows * width]
 */
export function principalDirections(
  vectors: Float32Array,
  width: number,
  count: number,
  random: Random,
): Float64Array {
  const moments = secondMoments(vectors.subarray(0, MOST * width), width);
  const kept = Math.min(count, width);
  let directions: Float64Array = Float64Array.from({ length: kept * width }, () => random.normal());
  orthonormalise(directions, width);
  for (let round = 0; round < ROUNDS; round++) {
    directions = timesMoments(directions, moments, width);
    orthonormalise(directions, width);
  }
  return directions;
}

/** Coordinates of vectors along directions, [rows * count]; zeros beyond the directions that there are. */
export function along(
  vectors: Float32Array,
  width: number,
  directions: Float64Array,
  count: number,
): Float32Array {
  const rows = vectors.length / width;
  const known = directions.length / width;
  const out = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < known; k++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += vectors[row * width + i]! * directions[k * width + i]!;
      out[row * count + k] = sum;
    }
  }
  return out;
}

/** Sum of the vectors' outer products, [width, width]. */
function secondMoments(vectors: Float32Array, width: number): Float64Array {
  const out = new Float64Array(width * width);
  for (let at = 0; at < vectors.length; at += width) {
    for (let i = 0; i < width; i++) {
      const x = vectors[at + i]!;
      for (let j = 0; j < width; j++) out[i * width + j]! += x * vectors[at + j]!;
    }
  }
  return out;
}

function timesMoments(directions: Float64Array, moments: Float64Array, width: number): Float64Array {
  const out = new Float64Array(directions.length);
  for (let at = 0; at < directions.length; at += width) {
    for (let i = 0; i < width; i++) {
      const x = directions[at + i]!;
      for (let j = 0; j < width; j++) out[at + j]! += x * moments[i * width + j]!;
    }
  }
  return out;
}

/** Gram and Schmidt, in place; what depends on the directions before it becomes zeros. */
function orthonormalise(directions: Float64Array, width: number): void {
  for (let at = 0; at < directions.length; at += width) {
    const own = directions.subarray(at, at + width);
    const before = Math.hypot(...own);
    // Twice is enough (Giraud et al. 2005): once leaves rounding along what was taken off.
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < at; other += width) {
        const known = directions.subarray(other, other + width);
        const share = own.reduce((sum, x, i) => sum + x * known[i]!, 0);
        for (let i = 0; i < width; i++) own[i]! -= share * known[i]!;
      }
    }
    const length = Math.hypot(...own);
    for (let i = 0; i < width; i++) own[i] = length > 1e-9 * before ? own[i]! / length : 0;
  }
}
