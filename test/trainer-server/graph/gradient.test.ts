import { describe, expect, it } from 'vitest';
import {
  add,
  exp,
  Graph,
  gradients,
  greater,
  mul,
  stopGradient,
  sum,
  type Value,
  where,
} from '../../../trainer-server/graph/index.ts';
import { evaluate, floats } from '../../helpers/evaluate.ts';

/** The gradient, at [1, 2, -3], of the sum of a function's values. */
const gradientOf = async (build: (x: Value) => Value): Promise<number[]> => {
  const { data } = await evaluate(
    { x: floats([3], [1, 2, -3]) },
    ({ x }) => gradients(sum(build(x!)), [x!])[0]!,
  );
  return data;
};

describe('gradients', () => {
  it('sum over every use of a value', async () => {
    expect(await gradientOf((x) => add(mul(x, x), mul(x, 5)))).toEqual([7, 9, -1]);
  });

  it('stop where they are told to', async () => {
    expect(await gradientOf((x) => mul(stopGradient(x), x))).toEqual([1, 2, -3]);
  });

  it('follow only the chosen side of a condition', async () => {
    expect(await gradientOf((x) => where(greater(x, 1.5), mul(x, x), mul(x, 10)))).toEqual([10, 4, 10]);
  });

  it('are themselves differentiable', async () => {
    const second = await gradientOf((x) => gradients(sum(mul(x, mul(x, x))), [x])[0]!);
    expect(second).toEqual([6, 12, -18]);
  });

  it('are absent where the loss does not depend on a value', () => {
    const graph = new Graph({ target: 'cpu', training: true });
    const [a, b] = [graph.input('a', 'f32', [2]), graph.input('b', 'f32', [2])];
    const [ofA, ofB, ofStopped] = gradients(sum(exp(a)), [a, b, stopGradient(a)]);
    expect(ofA!.shape).toEqual([2]);
    expect([ofB, ofStopped]).toEqual([undefined, undefined]);
  });

  it('need a loss of one number', () => {
    const x = new Graph({ target: 'cpu', training: true }).input('x', 'f32', [2, 3]);
    expect(() => gradients(exp(x), [x])).toThrow(/expected a loss of one float, got f32 \[2, 3\]/);
  });
});
