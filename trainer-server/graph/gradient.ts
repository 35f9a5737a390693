/**
 * Reverse-mode differentiation of a graph: the tape is walked from its end, and every step turns the cotangents of
 * its results into nodes that compute the cotangents of its inputs.
 * Source: Griewank and Walther, Evaluating Derivatives, 2nd ed., section 3.2.
 */

import type { Value } from './graph.ts';
import { add } from './ops/arithmetic.ts';
import { ShapeError, sameShape, showShape, sizeOf } from './shape.ts';

/**
 * The gradient of a scalar with respect to each value, of that value's shape; undefined where the scalar does not
 * depend on it.
 * @throws ShapeError where `loss` is not one number
 */
export function gradients(loss: Value, wanted: readonly Value[]): (Value | undefined)[] {
  if (loss.dtype !== 'f32' || sizeOf(loss.shape) !== 1) {
    throw new ShapeError(
      `gradients: expected a loss of one float, got ${loss.dtype} ${showShape(loss.shape)}`,
    );
  }
  const { graph } = loss;
  const tape = [...graph.tape];
  const active = new Set(wanted);
  for (const step of tape) {
    if (step.inputs.some((input) => active.has(input))) for (const output of step.outputs) active.add(output);
  }
  const cotangents = new Map<Value, Value>([[loss, graph.constant([1], 'f32', loss.shape as number[])]]);
  for (const step of tape.reverse()) {
    if (!step.inputs.some((input) => active.has(input))) continue;
    const given = step.outputs.map((output) => cotangents.get(output));
    if (given.every((cotangent) => cotangent === undefined)) continue;
    step.pullback(...given).forEach((cotangent, i) => {
      const input = step.inputs[i]!;
      if (cotangent === undefined || !active.has(input)) return;
      if (!sameShape(cotangent.shape, input.shape)) {
        throw new ShapeError(
          `gradient: expected a cotangent of ${showShape(input.shape)} for ${input.name}, got ${showShape(cotangent.shape)}`,
        );
      }
      const known = cotangents.get(input);
      cotangents.set(input, known === undefined ? cotangent : add(known, cotangent));
    });
  }
  return wanted.map((value) => cotangents.get(value));
}
