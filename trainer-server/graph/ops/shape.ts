/** Operators that move values without changing them. */

import { operation, type Value } from '../graph.ts';
import {
  axisOf,
  type Dim,
  fixed,
  quotientOf,
  type Shape,
  ShapeError,
  sameShape,
  showShape,
} from '../shape.ts';

/**
 * The same values in another shape; one length may be -1.
 * @throws ShapeError where the two shapes do not hold equally many
 */
export function reshape(x: Value, shape: Shape): Value {
  const target = completed(x.shape, shape);
  if (sameShape(x.shape, target)) return x;
  return operation('Reshape', [x, reshapeTarget(x, target)], { shape: target, dtype: x.dtype }, (d) => [
    reshape(d, x.shape),
    undefined,
  ]);
}

/** Axes in another order; without `order` the last two change places. */
export function transpose(x: Value, order?: readonly number[]): Value {
  const perm = order ?? swapped(x.shape.length);
  if ([...perm].sort((a, b) => a - b).join() !== x.shape.map((_, axis) => axis).join()) {
    throw new ShapeError(
      `transpose: expected an order of the axes of ${showShape(x.shape)}, got ${showShape(perm)}`,
    );
  }
  const inverse = perm.map((_, axis) => perm.indexOf(axis));
  const shape = perm.map((axis) => x.shape[axis]!);
  return operation('Transpose', [x], { shape, dtype: x.dtype, attributes: { perm } }, (d) => [
    transpose(d, inverse),
  ]);
}

/** Values joined along an axis. */
export function concat(values: readonly Value[], axis = -1): Value {
  const first = values[0]!;
  const at = axisOf('concat', first.shape, axis);
  for (const { shape } of values) {
    if (shape.length !== first.shape.length || shape.some((dim, i) => i !== at && dim !== first.shape[i])) {
      throw new ShapeError(
        `concat: expected shapes equal but for axis ${at}, got ${values.map((value) => showShape(value.shape)).join(' and ')}`,
      );
    }
  }
  if (values.length === 1) return first;
  const lengths = values.map((value) => fixed('concat', value.shape[at]));
  const shape = first.shape.map((dim, i) => (i === at ? lengths.reduce((a, b) => a + b) : dim));
  return operation('Concat', values, { shape, dtype: first.dtype, attributes: { axis: at } }, (d) =>
    split(d, lengths, at),
  );
}

/** WebGPU gives a shader at most 10 storage buffers by default and ONNX Runtime asks for 16: input and 15 parts. */
const MOST_PARTS = 8;

/** The pieces of these lengths along an axis; a number asks for that many equal ones. */
export function split(x: Value, parts: number | readonly number[], axis = -1): Value[] {
  const at = axisOf('split', x.shape, axis);
  const whole = fixed('split', x.shape[at]);
  const lengths = typeof parts === 'number' ? Array.from({ length: parts }, () => whole / parts) : [...parts];
  if (lengths.reduce((a, b) => a + b, 0) !== whole || lengths.some((n) => !Number.isInteger(n))) {
    throw new ShapeError(
      `split: expected lengths that make ${whole} of ${showShape(x.shape)} axis ${at}, got ${lengths}`,
    );
  }
  if (lengths.length === 1) return [x];
  if (lengths.length > MOST_PARTS) return splitInTurns(x, lengths, at);
  const shapes = lengths.map((length) => x.shape.map((dim, i) => (i === at ? length : dim)));
  const pieces = x.graph.node(
    'Split',
    [x, x.graph.constant(lengths, 'i64')],
    shapes.map((shape) => ({ shape, dtype: x.dtype })),
    { attributes: { axis: at } },
  );
  x.graph.record([x], pieces, (...ds) => [
    concat(
      ds.map((d, i) => d ?? zeros(x, shapes[i]!)),
      at,
    ),
  ]);
  return pieces;
}

/** Zeros of a shape. */
export function zeros(like: Value, shape: Shape): Value {
  return like.graph.node('ConstantOfShape', [like.graph.shapeValue(shape)], [{ shape }])[0]!;
}

function splitInTurns(x: Value, lengths: number[], axis: number): Value[] {
  const size = Math.ceil(lengths.length / MOST_PARTS);
  const groups = Array.from({ length: Math.ceil(lengths.length / size) }, (_, i) =>
    lengths.slice(i * size, (i + 1) * size),
  );
  const coarse = split(
    x,
    groups.map((group) => group.reduce((a, b) => a + b)),
    axis,
  );
  return groups.flatMap((group, i) => split(coarse[i]!, group, axis));
}

function completed(from: Shape, to: Shape): Shape {
  const open = to.indexOf(-1);
  const known = to.filter((dim) => dim !== -1);
  const rest = quotientOf(from, known);
  const fits = known.length === to.length ? rest === 1 : known.length === to.length - 1 && rest !== undefined;
  if (!fits && !(sizeIsZero(from) && sizeIsZero(to))) {
    throw new ShapeError(
      `reshape: expected a shape of as many values as ${showShape(from)}, got ${showShape(to)}`,
    );
  }
  return to.map((dim, axis) => (axis === open ? rest! : dim));
}

const sizeIsZero = (shape: Shape): boolean => shape.includes(0);

/** ONNX copies a length for 0 and infers one -1, which spares most graphs from computing shapes at run time. */
function reshapeTarget(x: Value, target: Shape): Value {
  const named = target.flatMap((dim, axis) => (typeof dim === 'string' ? [axis] : []));
  if (named.length === 0) return x.graph.shapeValue(target);
  const copied = named.filter((axis) => x.shape[axis] === target[axis]);
  if (named.length - copied.length <= 1) {
    const code = (dim: Dim, axis: number): number =>
      typeof dim === 'number' ? dim : copied.includes(axis) ? 0 : -1;
    return x.graph.constant(target.map(code), 'i64');
  }
  return x.graph.shapeValue(target);
}

function swapped(rank: number): number[] {
  const order = Array.from({ length: rank }, (_, axis) => axis);
  return [...order.slice(0, -2), rank - 1, rank - 2];
}
