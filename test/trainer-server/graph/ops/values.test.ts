import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as ops from '../../../../trainer-server/graph/ops/all.ts';
import { evaluate, floats, integers } from '../../../helpers/evaluate.ts';

const close = (actual: number[], expected: number[], digits = 5): void => {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, digits);
  });
};

describe('arithmetic', () => {
  it('broadcasts as index arithmetic says, for any shapes that fit', async () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }).chain((whole) => {
      const ones = fc.array(fc.boolean(), { minLength: whole.length, maxLength: whole.length });
      const part = ones.map((mask) => whole.map((dim, axis) => (mask[axis] ? 1 : dim)));
      return fc.tuple(part, part);
    });
    await fc.assert(
      fc.asyncProperty(shapes, async ([a, b]) => {
        const count = (shape: number[]): number => shape.reduce((n, dim) => n * dim, 1);
        const x = floats(
          a,
          Array.from({ length: count(a) }, (_, i) => i + 1),
        );
        const y = floats(
          b,
          Array.from({ length: count(b) }, (_, i) => 100 * (i + 1)),
        );
        const { shape, data } = await evaluate({ x, y }, (v) => ops.sub(v.x!, v.y!));
        data.forEach((value, flat) => {
          expect(value).toBe(x.data[flatIn(flat, shape, a)]! - y.data[flatIn(flat, shape, b)]!);
        });
      }),
      { numRuns: 25 },
    );
  });

  it('multiplies matrices of broadcast batches in the order of numpy', async () => {
    const a = floats([2, 1, 1, 2], [1, 2, 3, 4]);
    const b = floats([3, 2, 1], [1, 10, 2, 20, 3, 30]);
    const { shape, data } = await evaluate({ a, b }, (v) => ops.matmul(v.a!, v.b!));
    expect(shape).toEqual([2, 3, 1, 1]);
    expect(data).toEqual([21, 42, 63, 43, 86, 129]);
  });

  it('takes the transposed forms of a product, scaled', async () => {
    const a = floats([2, 2], [1, 2, 3, 4]);
    const b = floats([2, 2], [5, 6, 7, 8]);
    const form = (options: object) => evaluate({ a, b }, (v) => ops.matmul(v.a!, v.b!, options));
    expect((await form({})).data).toEqual([19, 22, 43, 50]);
    expect((await form({ transposeA: true })).data).toEqual([26, 30, 38, 44]);
    expect((await form({ transposeB: true })).data).toEqual([17, 23, 39, 53]);
    expect((await form({ transposeA: true, transposeB: true, scale: 2 })).data).toEqual([46, 62, 68, 92]);
  });
});

describe('functions', () => {
  it('gelu is the tanh form', async () => {
    const x = [-3, -1, -0.1, 0, 0.5, 2, 6];
    const { data } = await evaluate({ x: floats([7], x) }, (v) => ops.gelu(v.x!));
    close(
      data,
      x.map((z) => 0.5 * z * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3)))),
    );
  });

  it('logSumExp, softmax and logSoftmax neither overflow nor underflow', async () => {
    const x = floats([2, 2], [1000, 1000, -1000, 0]);
    close((await evaluate({ x }, (v) => ops.logSumExp(v.x!))).data, [1000 + Math.log(2), 0], 3);
    close((await evaluate({ x }, (v) => ops.softmax(v.x!))).data, [0.5, 0.5, 0, 1]);
    close((await evaluate({ x }, (v) => ops.logSoftmax(v.x!))).data, [-Math.LN2, -Math.LN2, -1000, 0], 4);
  });

  it('layerNorm centres, scales and shifts', async () => {
    const { data } = await evaluate(
      { x: floats([1, 4], [1, 3, 5, 7]), g: floats([4], [1, 1, 2, 1]), b: floats([4], [0, 0, 0, 10]) },
      (v) => ops.layerNorm(v.x!, v.g!, v.b!),
    );
    const unit = 1 / Math.sqrt(5 + 1e-5);
    close(data, [-3 * unit, -unit, 2 * unit, 3 * unit + 10]);
  });

  it('l2Normalise gives unit length, and a zero vector stays zero', async () => {
    const { data } = await evaluate({ x: floats([2, 2], [3, 4, 0, 0]) }, (v) => ops.l2Normalise(v.x!));
    close(data, [0.6, 0.8, 0, 0]);
  });

  it('the causal mask hides what comes later, and nothing else', async () => {
    const { data } = await evaluate({ x: floats([3, 3], Array(9).fill(1)) }, (v) =>
      ops.softmax(ops.add(v.x!, ops.causalMask(v.x!, 3))),
    );
    close(data, [1, 0, 0, 0.5, 0.5, 0, 1 / 3, 1 / 3, 1 / 3]);
  });
});

describe('indexing', () => {
  const x = floats([2, 3], [1, 2, 3, 4, 5, 6]);
  it('gathers rows, picks columns and takes along an axis', async () => {
    const rows = integers([3], [1, 0, 1]);
    expect((await evaluate({ x, rows }, (v) => ops.gather(v.x!, v.rows!))).data).toEqual([
      4, 5, 6, 1, 2, 3, 4, 5, 6,
    ]);
    const one = integers([2], [2, 0]);
    expect((await evaluate({ x, one }, (v) => ops.pick(v.x!, v.one!))).data).toEqual([3, 4]);
    const along = integers([1, 3], [1, 0, 1]);
    expect((await evaluate({ x, along }, (v) => ops.takeAlong(v.x!, v.along!, 0))).data).toEqual([4, 2, 6]);
  });

  it('slices, splits and joins', async () => {
    expect((await evaluate({ x }, (v) => ops.slice(v.x!, 1, 1, 3))).data).toEqual([2, 3, 5, 6]);
    const swapped = await evaluate({ x }, (v) => ops.concat(ops.split(v.x!, [1, 2]).reverse()));
    expect(swapped.data).toEqual([2, 3, 1, 5, 6, 4]);
  });

  it('makes one-hot rows', async () => {
    const { shape, data } = await evaluate({ i: integers([2], [2, 0]) }, (v) => ops.oneHot(v.i!, 3));
    expect(shape).toEqual([2, 3]);
    expect(data).toEqual([0, 0, 1, 1, 0, 0]);
  });

  it('adds every one of many updates to the same row', async () => {
    const [rows, count] = [7, 20_000];
    const indices = Array.from({ length: count }, (_, i) => i % rows);
    const { data } = await evaluate(
      {
        into: floats([rows, 1], Array(rows).fill(0)),
        at: integers([count, 1], indices),
        ones: floats([count, 1], Array(count).fill(1)),
      },
      (v) => ops.scatterAdd(v.into!, v.at!, v.ones!, 0),
      { threads: 4 },
    );
    expect(data).toEqual(Array.from({ length: rows }, (_, row) => Math.ceil((count - row) / rows)));
  });
});

describe('losses', () => {
  const logits = floats([3, 2], [0, 0, Math.log(3), 0, 5, 5]);
  const targets = integers([3], [0, 0, 1]);

  it('cross-entropy is minus the log-probability of the target', async () => {
    const { data } = await evaluate({ logits, targets }, (v) => ops.crossEntropyEach(v.logits!, v.targets!));
    close(data, [Math.log(2), Math.log(4 / 3), Math.log(2)]);
  });

  it('weights of 0 ignore examples, and nothing but zeros is no loss', async () => {
    const loss = (weights: number[]) =>
      evaluate({ logits, targets, w: floats([3], weights) }, (v) =>
        ops.crossEntropy(v.logits!, v.targets!, v.w!),
      );
    close((await loss([0, 1, 0])).data, [Math.log(4 / 3)]);
    close((await loss([3, 1, 0])).data, [(3 * Math.log(2) + Math.log(4 / 3)) / 4]);
    close((await loss([0, 0, 0])).data, [0]);
  });

  it('huber is quadratic within delta and linear beyond', async () => {
    const { data } = await evaluate({ x: floats([4], [0.5, -2, 3, 0]) }, (v) => ops.huberEach(v.x!, 2));
    close(data, [0.125, 2, 4, 0]);
  });

  it('contrastive is log(batch) where nothing can be told apart', async () => {
    const same = floats([4, 2], Array(8).fill(Math.SQRT1_2));
    const { data } = await evaluate({ a: same, b: same }, (v) => ops.contrastive(v.a!, v.b!, 0.07));
    close(data, [Math.log(4)]);
  });

  it('contrastive is near 0 where each finds its own', async () => {
    const axes = floats([2, 2], [1, 0, 0, 1]);
    const { data } = await evaluate({ a: axes, b: axes }, (v) => ops.contrastive(v.a!, v.b!, 0.05));
    close(data, [Math.log(1 + Math.exp(-20))]);
  });
});

describe('the gated recurrent unit', () => {
  it('keeps its state where the update gate is open, and takes the candidate where it is shut', async () => {
    const step = (gate: number) =>
      evaluate({ x: floats([1, 3], [gate, 0, 0.7]), h: floats([1, 1], [0.25]) }, (v) =>
        ops.gruCell(v.x!, v.h!, {
          recurrent: v.x!.graph.constant([0, 0, 0], 'f32', [1, 3]),
          recurrentBias: v.x!.graph.constant([0, 0, 0]),
        }),
      );
    close((await step(50)).data, [0.25]);
    close((await step(-50)).data, [Math.tanh(0.7)]);
  });

  it('is its cell, repeated from a zero state', async () => {
    const w = [0.5, -0.3, 0.8];
    const u = [0.2, 0.4, -0.6];
    const xs = [1, -2, 0.5];
    const { data } = await evaluate({ x: floats([1, 3, 1], xs) }, ({ x }) => {
      const row = (values: number[], shape: number[]) => x!.graph.constant(values, 'f32', shape);
      const zero = row([0, 0, 0], [3]);
      return ops.gru(x!, {
        input: row(w, [1, 3]),
        recurrent: row(u, [1, 3]),
        inputBias: zero,
        recurrentBias: zero,
      });
    });
    const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
    let h = 0;
    const expected = xs.map((x) => {
      const update = sigmoid(w[0]! * x + u[0]! * h);
      const reset = sigmoid(w[1]! * x + u[1]! * h);
      const candidate = Math.tanh(w[2]! * x + reset * u[2]! * h);
      h = (1 - update) * candidate + update * h;
      return h;
    });
    close(data, expected);
  });
});

/** The index in `part` of what stands at `flat` in the broadcast `whole`. */
function flatIn(flat: number, whole: readonly number[], part: readonly number[]): number {
  let rest = flat;
  let index = 0;
  let stride = 1;
  for (let axis = whole.length - 1; axis >= 0; axis--) {
    const at = rest % whole[axis]!;
    rest = Math.floor(rest / whole[axis]!);
    index += (part[axis] === 1 ? 0 : at) * stride;
    stride *= part[axis]!;
  }
  return index;
}
