/** Reading by index, and the adjoint: adding by index. Indices are int32, from 0, never negative. */

import { operation, undifferentiated, type Value } from '../graph.ts';
import { axisOf, type Dim, fixed, type Shape, ShapeError, sameShape, showShape, sizeOf } from '../shape.ts';
import { mul } from './arithmetic.ts';
import { cast, greater, where } from './compare.ts';
import { expand } from './reduce.ts';
import { concat, reshape, zeros } from './shape.ts';

/** Rows of a table [rows, ...width] at indices [...]: an embedding. Gives [...indices, ...width]. */
export function gather(table: Value, indices: Value): Value {
  const width = table.shape.slice(1);
  const shape = [...indices.shape, ...width];
  const packed = table.graph.quantized.get(table);
  if (packed !== undefined) return gatherQuantized(packed, indices, shape);
  return operation(
    'Gather',
    [table, indices],
    { shape, dtype: table.dtype, attributes: { axis: 0 } },
    (d) => {
      const count = sizeOf(indices.shape);
      const size = sizeOf(width);
      const rows = expand(reshape(indices, [count, 1]), [count, size]);
      const flat = [fixed('gather', table.shape[0]), size];
      return [
        reshape(scatterAdd(zeros(table, flat), rows, reshape(d, [count, size]), 0), table.shape),
        undefined,
      ];
    },
  );
}

/** Only the rows that are read become floats. */
function gatherQuantized(
  { int8, scale, axis }: { int8: Value; scale: Value; axis: 0 | 1 },
  indices: Value,
  shape: Shape,
): Value {
  const rows = undifferentiated('Gather', [int8, indices], { shape, dtype: 'i8', attributes: { axis: 0 } });
  if (axis === 1) {
    const attributes = { axis: shape.length - 1 };
    return undifferentiated('DequantizeLinear', [rows, scale], { shape, attributes });
  }
  const scales = undifferentiated('Gather', [scale, indices], {
    shape: indices.shape,
    attributes: { axis: 0 },
  });
  return mul(cast(rows, 'f32'), reshape(scales, [...indices.shape, 1]));
}

/** x[..., indices[...], ...] along an axis; indices have x's shape but for that axis (numpy's take_along_axis). */
export function takeAlong(x: Value, indices: Value, axis = -1): Value {
  const at = axisOf('takeAlong', x.shape, axis);
  if (
    indices.shape.length !== x.shape.length ||
    indices.shape.some((dim, i) => i !== at && dim !== x.shape[i])
  ) {
    throw new ShapeError(
      `takeAlong: expected indices of ${showShape(x.shape)} but for axis ${at}, got ${showShape(indices.shape)}`,
    );
  }
  const result = { shape: indices.shape, dtype: x.dtype, attributes: { axis: at } };
  return operation('GatherElements', [x, indices], result, (d) => [
    scatterAdd(zeros(x, x.shape), indices, d, at),
    undefined,
  ]);
}

/** x [..., n] at indices [...]: one value from each last axis. */
export function pick(x: Value, indices: Value): Value {
  if (!sameShape(indices.shape, x.shape.slice(0, -1))) {
    throw new ShapeError(
      `pick: expected indices of ${showShape(x.shape.slice(0, -1))} for ${showShape(x.shape)}, got ${showShape(indices.shape)}`,
    );
  }
  return reshape(takeAlong(x, reshape(indices, [...indices.shape, 1])), indices.shape);
}

/** x [batch, time, width] at one time for each of the batch, [batch]: gives [batch, width]. */
export function rowAt(x: Value, indices: Value): Value {
  const [batch, , width] = x.shape;
  if (x.shape.length !== 3 || !sameShape(indices.shape, [batch!])) {
    throw new ShapeError(
      `rowAt: expected [batch, time, width] and [batch], got ${showShape(x.shape)} and ${showShape(indices.shape)}`,
    );
  }
  const wide = expand(reshape(indices, [batch!, 1, 1]), [batch!, 1, width!]);
  return reshape(takeAlong(x, wide, 1), [batch!, width!]);
}

/** x from `start` up to (not including) `end` along an axis. */
export function slice(x: Value, axis: number, start: number, end: Dim): Value {
  const at = axisOf('slice', x.shape, axis);
  const whole = x.shape[at]!;
  if (
    start < 0 ||
    (typeof end === 'number' && (end <= start || (typeof whole === 'number' && end > whole)))
  ) {
    throw new ShapeError(
      `slice: expected a range within axis ${at} of ${showShape(x.shape)}, got ${start} to ${end}`,
    );
  }
  if (start === 0 && end === whole) return x;
  const length = typeof end === 'number' ? end - start : start === 0 ? end : undefined;
  if (length === undefined)
    throw new ShapeError(`slice: expected a start of 0 with the named end '${end}', got ${start}`);
  const shape = x.shape.map((dim, i) => (i === at ? length : dim));
  const { graph } = x;
  const bounds = [graph.constant([start], 'i64'), graph.lengthValue(end), graph.constant([at], 'i64')];
  return operation('Slice', [x, ...bounds], { shape, dtype: x.dtype }, (d) => {
    const pad = (n: number): Value[] =>
      n === 0
        ? []
        : [
            zeros(
              x,
              x.shape.map((dim, i) => (i === at ? n : dim)),
            ),
          ];
    const rest = fixed('slice', whole) - fixed('slice', end);
    return [concat([...pad(start), d, ...pad(rest)], at)];
  });
}

/** 0, 1, ... length - 1 as int32 [length]. */
export function iota(x: Value, length: Dim): Value {
  const { graph } = x;
  if (typeof length === 'number')
    return graph.constant(
      Array.from({ length }, (_, i) => i),
      'i32',
    );
  const end = cast(reshape(graph.lengthValue(length), []), 'i32');
  const [zero, one] = [graph.constant(0, 'i32'), graph.constant(1, 'i32')];
  return undifferentiated('Range', [zero, end, one], { shape: [length], dtype: 'i32' });
}

/** [time, time] to add to attention scores: 0 up to the diagonal, -1e9 beyond it, so that no position sees a later one. */
export function causalMask(x: Value, time: Dim): Value {
  const positions = iota(x, time);
  return where(greater(reshape(positions, [1, time]), reshape(positions, [time, 1])), -1e9, 0);
}

/**
 * `into` with updates added at indices along an axis.
 *
 * Not ScatterND: its CPU kernel has been reported to lose updates of repeated indices, of which every embedding batch
 * has some, when it runs on several threads (onnxruntime issues 18048 and 23396; not seen with 1.30 on two cores).
 * ScatterElements adds in order, and takes int32 indices.
 */
export function scatterAdd(into: Value, indices: Value, updates: Value, axis: number): Value {
  const result = { shape: into.shape as Shape, attributes: { axis, reduction: 'add' } };
  return operation('ScatterElements', [into, indices, updates], result, (d) => [
    d,
    undefined,
    takeAlong(d, indices, axis),
  ]);
}
