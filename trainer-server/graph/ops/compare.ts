/** Comparisons, selection and type changes. Only `where` and `stopGradient` meet the tape: the rest are steps. */

import { type DType, type Operand, operation, undifferentiated, type Value } from '../graph.ts';
import { broadcast } from '../shape.ts';
import { operands } from './arithmetic.ts';
import { unbroadcast } from './reduce.ts';

export const greater = (a: Operand, b: Operand): Value => comparison('Greater', a, b);
export const less = (a: Operand, b: Operand): Value => comparison('Less', a, b);
export const equal = (a: Operand, b: Operand): Value => comparison('Equal', a, b);

/** `a` where the condition holds, else `b`; all three broadcast. */
export function where(condition: Value, a: Operand, b: Operand): Value {
  const [x, y] =
    typeof a === 'number' && typeof b === 'number'
      ? operands(condition.graph.constant(a), b)
      : operands(a, b);
  const shape = broadcast('where', condition.shape, x.shape, y.shape);
  return operation('Where', [condition, x, y], { shape, dtype: x.dtype }, (d) => [
    undefined,
    unbroadcast(where(condition, d, 0), x.shape),
    unbroadcast(where(condition, 0, d), y.shape),
  ]);
}

/** Another type; gradients pass between floats only, of which there is one. */
export function cast(x: Value, dtype: DType): Value {
  if (x.dtype === dtype) return x;
  const to = { f32: 1, u8: 2, i8: 3, i32: 6, i64: 7, bool: 9 }[dtype];
  return undifferentiated('Cast', [x], { shape: x.shape, dtype, attributes: { to } });
}

/** The same value, through which no gradient flows (a target network, a teacher). */
export function stopGradient(x: Value): Value {
  return undifferentiated('Identity', [x], { shape: x.shape, dtype: x.dtype });
}

function comparison(type: string, a: Operand, b: Operand): Value {
  const [x, y] = operands(a, b);
  return undifferentiated(type, [x, y], {
    shape: broadcast(type.toLowerCase(), x.shape, y.shape),
    dtype: 'bool',
  });
}
