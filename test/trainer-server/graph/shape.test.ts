import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Graph, matmul, ShapeError, slice, split, transpose } from '../../../trainer-server/graph/index.ts';
import * as ops from '../../../trainer-server/graph/ops/all.ts';
import { broadcast, quotientOf } from '../../../trainer-server/graph/shape.ts';

describe('broadcasting', () => {
  // Two shapes that fit by construction: lengths of one whole shape, some replaced by 1, some leading ones cut off.
  const pair = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 5 }).chain((whole) => {
    const part = fc
      .tuple(
        fc.nat(whole.length),
        fc.array(fc.boolean(), { minLength: whole.length, maxLength: whole.length }),
      )
      .map(([cut, ones]) => whole.map((dim, axis) => (ones[axis] ? 1 : dim)).slice(cut));
    return fc.record({ whole: fc.constant(whole), a: part, b: part });
  });

  it('is commutative, and repeats nothing that is not 1', () => {
    fc.assert(
      fc.property(pair, ({ whole, a, b }) => {
        const result = broadcast('test', a, b);
        expect(broadcast('test', b, a)).toEqual(result);
        expect(broadcast('test', result, whole)).toEqual(whole);
        expect(result.length).toBe(Math.max(a.length, b.length));
      }),
    );
  });

  it('knows no open length but itself and 1', () => {
    expect(broadcast('test', ['batch', 1], [1, 4])).toEqual(['batch', 4]);
    expect(() => broadcast('test', ['batch'], [3])).toThrow(ShapeError);
    expect(() => broadcast('test', ['batch'], ['time'])).toThrow(/\[batch\] and \[time\]/);
  });
});

describe('open lengths', () => {
  it('divide as products of names', () => {
    expect(quotientOf(['batch', 'time', 6], [2, 'time'])).toBe('3*batch');
    expect(quotientOf(['time*batch', 8], ['batch', 'time', 2])).toBe(4);
    expect(quotientOf(['batch', 6], [4])).toBeUndefined();
    expect(quotientOf([6], ['batch'])).toBeUndefined();
  });
});

describe('shape errors name every shape involved', () => {
  const graph = new Graph({ target: 'portable', training: true });
  const a = graph.input('a', 'f32', [2, 3]);
  const b = graph.input('b', 'f32', [4, 5]);
  const i = graph.input('i', 'i32', [4]);
  const cases: [string, () => unknown, RegExp][] = [
    ['add', () => ops.add(a, b), /add: .*\[2, 3\] and \[4, 5\]/],
    ['matmul', () => matmul(a, b), /matmul: .*\[2, 3\] and \[4, 5\]/],
    ['matmul transposed', () => matmul(a, b, { transposeA: true }), /\[2, 3\] transposed and \[4, 5\]/],
    ['linear', () => ops.linear(a, b, i), /\[2, 3\], \[4, 5\], \[4\]/],
    ['concat', () => ops.concat([a, b]), /\[2, 3\] and \[4, 5\]/],
    ['reshape', () => ops.reshape(a, [4, 2]), /as many values as \[2, 3\], got \[4, 2\]/],
    ['expand', () => ops.expand(a, [2, 2, 1]), /that \[2, 3\] broadcasts to, got \[2, 2, 1\]/],
    ['transpose', () => transpose(a, [0, 0]), /\[2, 3\], got \[0, 0\]/],
    ['slice', () => slice(a, 1, 2, 9), /axis 1 of \[2, 3\], got 2 to 9/],
    ['split', () => split(a, [1, 1], 1), /make 3 of \[2, 3\] axis 1, got 1,1/],
    ['pick', () => ops.pick(a, i), /\[2\] for \[2, 3\], got \[4\]/],
    ['crossEntropy', () => ops.crossEntropy(a, i), /\[2\] for logits \[2, 3\], got \[4\]/],
    ['layerNorm', () => ops.layerNorm(a, i, i), /of \[3\] for \[2, 3\], got \[4\] and \[4\]/],
    ['huber', () => ops.huber(a, b), /targets of \[2, 3\], got \[4, 5\]/],
    ['rowAt', () => ops.rowAt(a, i), /got \[2, 3\] and \[4\]/],
    ['axis', () => ops.sum(a, { axes: [2] }), /an axis of \[2, 3\] \(-2 to 1\), got 2/],
  ];
  for (const [name, build, message] of cases) {
    it(name, () => {
      expect(build).toThrow(ShapeError);
      expect(build).toThrow(message);
    });
  }

  it('and values of two graphs do not mix', () => {
    const other = new Graph({ target: 'cpu', training: true }).input('x', 'f32', [2, 3]);
    expect(() => ops.add(a, other)).toThrow(/of one graph, got a and x/);
    expect(() => ops.add(a, i as never)).toThrow(/of one type, got f32 and i32/);
  });
});
