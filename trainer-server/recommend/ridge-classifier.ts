/**
 * Least squares with a penalty (Hoerl and Kennard 1970; Rifkin et al. 2003, "Regularized least-squares classification"):
 * each category's weights fit 1 on its products and 0 on the others, less its share. Solved by conjugate gradients (Hestenes
 * and Stiefel 1952) on the weights, whose every step is the best fit so far, all categories at once. From few products it
 * learns more than a descent that passes over them a few times, and it costs products times categories.
 */

import type { Descent, Example, Fit } from './linear-classifier.ts';

export interface RidgeOptions {
  penalty: number;
  /** Steps at most. */
  steps: number;
  /** Scores are this much times the fitted targets, so that a softmax over them is neither flat nor certain. */
  sharpness: number;
}

/** Residual at which it has converged, as a share of what was to be fitted. */
const CONVERGED = 1e-3;

/** Steps that it takes even where there is no time. */
const LEAST_STEPS = 2;

export function fitRidge(
  examples: readonly Example[],
  { classes, buckets }: { classes: number; buckets: number },
  { deadline, signal, looked }: Descent,
  { penalty, steps, sharpness }: RidgeOptions,
): Fit {
  const { shares, targets } = targetsOf(examples, classes);
  const weights = new Float32Array(buckets * classes);
  const residual = transposed(examples, targets, classes, buckets);
  const direction = residual.slice();
  let squares = columnProducts(residual, residual, classes);
  const enough = squares.map((x) => x * CONVERGED ** 2);
  for (let step = 0; step < steps; step++) {
    const late = deadline() <= 0 || signal.aborted;
    if ((late && step >= LEAST_STEPS) || squares.every((x, c) => x <= enough[c]!)) break;
    const image = transposed(examples, scored(examples, direction, classes, looked), classes, buckets);
    addTimes(image, direction, new Float64Array(classes).fill(penalty));
    const along = columnProducts(direction, image, classes);
    const length = squares.map((x, c) => (along[c]! > 0 ? x / along[c]! : 0));
    addTimes(weights, direction, length);
    addTimes(
      residual,
      image,
      length.map((x) => -x),
    );
    const next = columnProducts(residual, residual, classes);
    const kept = next.map((x, c) => (squares[c]! > 0 ? x / squares[c]! : 0));
    for (let at = 0; at < direction.length; at++)
      direction[at] = residual[at]! + kept[at % classes]! * direction[at]!;
    squares = next;
  }
  return { weights: weights.map((x) => x * sharpness), bias: shares.map((x) => x * sharpness) };
}

/** 1 for the category of each example and 0 for the others, less the category's share, [examples, classes]. */
function targetsOf(
  examples: readonly Example[],
  classes: number,
): { shares: Float32Array; targets: Float32Array } {
  const shares = new Float32Array(classes);
  for (const { label } of examples) shares[label]! += 1 / examples.length;
  const targets = new Float32Array(examples.length * classes);
  examples.forEach(({ label }, i) => {
    for (let c = 0; c < classes; c++) targets[i * classes + c] = (c === label ? 1 : 0) - shares[c]!;
  });
  return { shares, targets };
}

/** Of each column of two matrices [rows, classes], the inner product. */
function columnProducts(a: Float32Array, b: Float32Array, classes: number): Float64Array {
  const sums = new Float64Array(classes);
  for (let at = 0; at < a.length; at++) sums[at % classes]! += a[at]! * b[at]!;
  return sums;
}

/** into += matrix with each column times its factor. */
function addTimes(into: Float32Array, matrix: Float32Array, factors: Float64Array): void {
  for (let at = 0; at < into.length; at++) into[at]! += factors[at % factors.length]! * matrix[at]!;
}

/** What weights [buckets, classes] say of each example, [examples, classes]. */
function scored(
  examples: readonly Example[],
  weights: Float32Array,
  classes: number,
  looked: () => void,
): Float32Array {
  const out = new Float32Array(examples.length * classes);
  examples.forEach(({ features }, i) => {
    looked();
    features.buckets.forEach((bucket, f) => {
      const value = features.values[f]!;
      for (let c = 0; c < classes; c++) out[i * classes + c]! += value * weights[bucket * classes + c]!;
    });
  });
  return out;
}

/** Values of examples [examples, classes] summed by feature, [buckets, classes]. */
function transposed(
  examples: readonly Example[],
  values: Float32Array,
  classes: number,
  buckets: number,
): Float32Array {
  const out = new Float32Array(buckets * classes);
  examples.forEach(({ features }, i) => {
    features.buckets.forEach((bucket, f) => {
      const value = features.values[f]!;
      for (let c = 0; c < classes; c++) out[bucket * classes + c]! += value * values[i * classes + c]!;
    });
  });
  return out;
}
