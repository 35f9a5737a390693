/** Elementwise arithmetic of two operands, with numpy broadcasting. */

import { type Operand, operation, undifferentiated, type Value } from '../graph.ts';
import { broadcast } from '../shape.ts';
import { where } from './compare.ts';
import { unbroadcast } from './reduce.ts';

export function add(a: Operand, b: Operand): Value {
  const [x, y] = operands(a, b);
  return operation('Add', [x, y], { shape: broadcast('add', x.shape, y.shape), dtype: x.dtype }, (d) => [
    unbroadcast(d, x.shape),
    unbroadcast(d, y.shape),
  ]);
}

export function sub(a: Operand, b: Operand): Value {
  const [x, y] = operands(a, b);
  return operation('Sub', [x, y], { shape: broadcast('sub', x.shape, y.shape), dtype: x.dtype }, (d) => [
    unbroadcast(d, x.shape),
    neg(unbroadcast(d, y.shape)),
  ]);
}

export function mul(a: Operand, b: Operand): Value {
  const [x, y] = operands(a, b);
  return operation('Mul', [x, y], { shape: broadcast('mul', x.shape, y.shape), dtype: x.dtype }, (d) => [
    unbroadcast(mul(d, y), x.shape),
    unbroadcast(mul(d, x), y.shape),
  ]);
}

export function div(a: Operand, b: Operand): Value {
  const [x, y] = operands(a, b);
  return operation('Div', [x, y], { shape: broadcast('div', x.shape, y.shape), dtype: x.dtype }, (d, z) => [
    unbroadcast(div(d, y), x.shape),
    neg(unbroadcast(div(mul(d, z), y), y.shape)),
  ]);
}

/** The smaller of each pair. Where they are equal the gradient goes to `a`. */
export function minimum(a: Operand, b: Operand): Value {
  return extremum('Min', 'LessOrEqual', a, b);
}

/** The larger of each pair. Where they are equal the gradient goes to `a`. */
export function maximum(a: Operand, b: Operand): Value {
  return extremum('Max', 'GreaterOrEqual', a, b);
}

/** Within [low, high]. The gradient outside is 0. */
export function clamp(x: Value, low: number, high: number): Value {
  return minimum(maximum(x, low), high);
}

export function neg(x: Value): Value {
  return operation('Neg', [x], { shape: x.shape, dtype: x.dtype }, (d) => [neg(d)]);
}

export function square(x: Value): Value {
  return mul(x, x);
}

/** Two operands of one graph, a bare number taking the type of the other. */
export function operands(a: Operand, b: Operand): [Value, Value] {
  if (typeof a === 'number') {
    if (typeof b === 'number')
      throw new TypeError('expected at least one operand to be a graph value, got two numbers');
    return [b.graph.constant(a, b.dtype), b];
  }
  const y = typeof b === 'number' ? a.graph.constant(b, a.dtype) : b;
  if (y.graph !== a.graph)
    throw new TypeError(`expected operands of one graph, got ${a.name} and ${y.name} of two`);
  if (y.dtype !== a.dtype)
    throw new TypeError(`expected operands of one type, got ${a.dtype} and ${y.dtype}`);
  return [a, y];
}

function extremum(type: string, keepsFirst: string, a: Operand, b: Operand): Value {
  const [x, y] = operands(a, b);
  const shape = broadcast(type.toLowerCase(), x.shape, y.shape);
  return operation(type, [x, y], { shape, dtype: x.dtype }, (d) => {
    const first = undifferentiated(keepsFirst, [x, y], { shape, dtype: 'bool' });
    return [unbroadcast(where(first, d, 0), x.shape), unbroadcast(where(first, 0, d), y.shape)];
  });
}
