/** Ridge regression by its normal equations, and the posterior that it is the mean of. */

import type { Random } from '../../shared/random.ts';
import { backward, cholesky, forward } from './cholesky.ts';

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

/** Lower Cholesky factor of the penalised products, [width, width]; the penalty keeps them positive definite. */
export function factorOf({ width, gram }: Normal, penalty: number): Float64Array {
  const l = gram.slice();
  for (let i = 0; i < width; i++) l[i * width + i]! += i === width - 1 ? 1e-6 : penalty;
  cholesky(l, width);
  return l;
}

/** Solves L L' w = moment. */
export const solveFactored = (l: Float64Array, moment: Float64Array): Float64Array =>
  backward(l, forward(l, moment.slice()));

/** Weights drawn from the posterior. @param noise the outcome's standard deviation */
export function drawRidge({ weights, factor }: Posterior, noise: number, random: Random): Float64Array {
  const luck = backward(
    factor,
    weights.map(() => noise * random.normal()),
  );
  return weights.map((w, k) => w + luck[k]!);
}

/** Prediction of one row. */
export function predictRidge(weights: Float64Array, x: ArrayLike<number>): number {
  const last = weights.length - 1;
  let sum = weights[last]!;
  for (let k = 0; k < last; k++) if (x[k] !== 0) sum += weights[k]! * x[k]!;
  return sum;
}
