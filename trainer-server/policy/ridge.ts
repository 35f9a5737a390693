/** Ridge regression by its normal equations, and the posterior that it is the mean of. */

import type { Random } from '../../shared/random.ts';

/** Running sums of x x' and x y over sparse rows; the last column is the constant, which is not shrunk. */
export interface Normal {
  width: number;
  gram: Float64Array;
  moment: Float64Array;
  count: number;
  /** Scratch: places and values of a row's non-zero entries. */
  at: Int32Array;
  value: Float64Array;
}

/** @param width of x without the constant */
export function normalOf(width: number): Normal {
  const full = width + 1;
  return {
    width: full,
    gram: new Float64Array(full * full),
    moment: new Float64Array(full),
    count: 0,
    at: new Int32Array(full),
    value: new Float64Array(full),
  };
}

/** Adds one row, counted `weight` times. Features are mostly zeros, so only the others are visited. */
export function accumulate(normal: Normal, x: ArrayLike<number>, y: number, weight = 1): void {
  const { width, gram, moment, at, value } = normal;
  let n = 0;
  for (let k = 0; k < width - 1; k++) {
    if (x[k] === 0) continue;
    at[n] = k;
    value[n++] = x[k]!;
  }
  at[n] = width - 1;
  value[n++] = 1;
  for (let a = 0; a < n; a++) {
    const xa = weight * value[a]!;
    const row = at[a]! * width;
    moment[at[a]!]! += xa * y;
    for (let b = 0; b <= a; b++) gram[row + at[b]!]! += xa * value[b]!;
  }
  normal.count++;
}

/** What several sums would have been as one. */
export function totalOf(parts: readonly Normal[]): Normal {
  const out = normalOf(parts[0]!.width - 1);
  for (const { gram, moment, count } of parts) {
    for (let k = 0; k < gram.length; k++) out.gram[k]! += gram[k]!;
    for (let k = 0; k < moment.length; k++) out.moment[k]! += moment[k]!;
    out.count += count;
  }
  return out;
}

/** Mean and Cholesky factor of the precision (in units of the noise's) of a Bayesian linear regression. */
export interface Posterior {
  weights: Float64Array;
  /** Lower, [width, width]. */
  factor: Float64Array;
}

/** Weights [width] for the penalty given, the constant last. Uses and overwrites nothing of `normal`. */
export function solveRidge(normal: Normal, penalty: number): Float64Array {
  return posteriorOf(normal, penalty).weights;
}

/** @param penalty precision of the prior; the constant has nearly none */
export function posteriorOf(normal: Normal, penalty: number): Posterior {
  const factor = factorOf(normal, penalty);
  return { weights: solveFactored(factor, normal.moment), factor };
}

/** Lower Cholesky factor of the penalised products, [width, width]. */
export function factorOf({ width, gram }: Normal, penalty: number): Float64Array {
  const l = gram.slice();
  for (let i = 0; i < width; i++) l[i * width + i]! += i === width - 1 ? 1e-6 : penalty;
  cholesky(l, width);
  return l;
}

/** Solves L L' w = moment. */
export function solveFactored(l: Float64Array, moment: Float64Array): Float64Array {
  const width = moment.length;
  const w = moment.slice();
  for (let i = 0; i < width; i++) {
    let sum = w[i]!;
    for (let k = 0; k < i; k++) sum -= l[i * width + k]! * w[k]!;
    w[i] = sum / l[i * width + i]!;
  }
  return backward(l, w);
}

/** Weights drawn from the posterior. @param noise the outcome's standard deviation */
export function drawRidge({ weights, factor }: Posterior, noise: number, random: Random): Float64Array {
  const luck = backward(
    factor,
    weights.map(() => noise * random.normal()),
  );
  return weights.map((w, k) => w + luck[k]!);
}

/** Solves L' x = b in place. */
function backward(l: Float64Array, b: Float64Array): Float64Array {
  const width = b.length;
  for (let i = width - 1; i >= 0; i--) {
    const x = b[i]! / l[i * width + i]!;
    b[i] = x;
    // Row by row of L: a column would leave the cache at every number.
    for (let k = 0; k < i; k++) b[k]! -= l[i * width + k]! * x;
  }
  return b;
}

/** Prediction of one row. */
export function predictRidge(weights: Float64Array, x: ArrayLike<number>): number {
  const last = weights.length - 1;
  let sum = weights[last]!;
  for (let k = 0; k < last; k++) if (x[k] !== 0) sum += weights[k]! * x[k]!;
  return sum;
}

/** Lower Cholesky factor in place; the penalty keeps the matrix positive definite. */
function cholesky(l: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = l[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      l[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / l[j * n + j]!;
    }
  }
}
