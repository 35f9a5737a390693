import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import {
  add,
  causalMask,
  concat,
  dropout,
  gather,
  inferenceModel,
  layerNorm,
  linear,
  matmul,
  mean,
  openSession,
  reshape,
  rowAt,
  slice,
  softmax,
  split,
  transpose,
  type Value,
} from '../../../trainer-server/graph/index.ts';

const drawn = (shape: number[], name: string) => {
  const random = seeded(name);
  return {
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
  };
};
const int8 = (shape: number[], name: string) => {
  const random = seeded(name);
  return { shape, data: Int8Array.from({ length: shape[0]! * shape[1]! }, () => random.int(255) - 127) };
};

const D = 8;
const parameters = {
  token: drawn([11, D], 'token'),
  position: drawn([16, D], 'position'),
  qkv: drawn([D, 3 * D], 'qkv'),
  gain: drawn([D], 'gain'),
  bias: drawn([D], 'bias'),
};

/** One causal attention layer with open batch and time, read at each row's last token. */
const encoder = inferenceModel({
  inputs: { tokens: { dtype: 'i32', shape: ['batch', 'time'] }, last: { dtype: 'i32', shape: ['batch'] } },
  parameters,
  build: (_, p, { tokens, last }) => {
    const time = tokens!.shape[1]!;
    const x = dropout(add(gather(p.token!, tokens!), slice(p.position!, 0, 0, time)), 0.5);
    const parts = split(matmul(layerNorm(x, p.gain!, p.bias!), p.qkv!), 3);
    const heads = (part: Value): Value => transpose(reshape(part, ['batch', time, 2, D / 2]), [0, 2, 1, 3]);
    const [q, k, v] = parts.map(heads);
    const scores = add(matmul(q!, k!, { transposeB: true, scale: 0.5 }), causalMask(tokens!, time));
    const mixed = reshape(transpose(matmul(softmax(scores), v!), [0, 2, 1, 3]), ['batch', time, D]);
    return { state: rowAt(mixed, last!), pooled: mean(mixed, { axes: [1] }), joined: concat([x, mixed]) };
  },
});

describe('inference models', () => {
  it('take any batch and length, and a row does not depend on its company or on later tokens', async () => {
    const session = await openSession(encoder);
    const run = (tokens: number[][], last: number[]) =>
      session.run({
        tokens: { shape: [tokens.length, tokens[0]!.length], data: Int32Array.from(tokens.flat()) },
        last: { shape: [last.length], data: Int32Array.from(last) },
      });
    const alone = await run([[3, 1, 4]], [2]);
    const company = await run(
      [
        [5, 9, 2, 6, 5],
        [3, 1, 4, 0, 0],
        [3, 1, 4, 10, 7],
      ],
      [4, 2, 2],
    );
    expect(alone.state!.shape).toEqual([1, D]);
    expect(company.state!.shape).toEqual([3, D]);
    expect(company.joined!.shape).toEqual([3, 5, 2 * D]);
    for (const row of [1, 2]) {
      [...alone.state!.data].forEach((value, i) => {
        expect(company.state!.data[row * D + i]).toBeCloseTo(value, 5);
      });
    }
    await session.close();
  });

  it('divide a mean over an open length by that length', async () => {
    const model = inferenceModel({
      inputs: { x: { dtype: 'f32', shape: ['n', 2] } },
      parameters: {},
      build: (_, __, { x }) => ({ columns: mean(x!, { axes: [0] }), all: mean(x!) }),
    });
    const session = await openSession(model);
    const { columns, all } = await session.run({
      x: { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 8, 12) },
    });
    expect([...columns!.data]).toEqual([4, 6]);
    expect([...all!.data]).toEqual([5]);
    await session.close();
  });

  it('hold int8 weights that mean int8 * scale of their output channel', async () => {
    const w = int8([4, 3], 'w');
    const scale = { shape: [3], data: Float32Array.of(0.01, 0.5, 2) };
    const b = drawn([3], 'b');
    const model = inferenceModel({
      inputs: { x: { dtype: 'f32', shape: ['n', 4] } },
      parameters: { w: { int8: w, scale }, b },
      build: (_, p, { x }) => ({ y: linear(x!, p.w!, p.b!) }),
    });
    const session = await openSession(model);
    const { data: x } = drawn([2, 4], 'x');
    const { y } = await session.run({ x: { shape: [2, 4], data: x } });
    for (let row = 0; row < 2; row++) {
      for (let out = 0; out < 3; out++) {
        let expected = b.data[out]!;
        for (let i = 0; i < 4; i++) expected += x[row * 4 + i]! * w.data[i * 3 + out]! * scale.data[out]!;
        expect(y!.data[row * 3 + out]!).toBeCloseTo(expected, 3);
      }
    }
    await session.close();
  });

  for (const axis of [0, 1] as const) {
    it(`read int8 rows with a scale per ${axis === 0 ? 'row' : 'column'}`, async () => {
      const table = int8([6, 5], 'table');
      const scale = drawn([axis === 0 ? 6 : 5], 'scale');
      const model = inferenceModel({
        inputs: { rows: { dtype: 'i32', shape: ['n'] } },
        parameters: { table: { int8: table, scale, axis } },
        build: (_, p, { rows }) => ({ y: gather(p.table!, rows!) }),
      });
      const session = await openSession(model);
      const { y } = await session.run({ rows: { shape: [3], data: Int32Array.of(5, 0, 5) } });
      const expected = [5, 0, 5].flatMap((row) =>
        Array.from({ length: 5 }, (_, column) =>
          Math.fround(table.data[row * 5 + column]! * scale.data[axis === 0 ? row : column]!),
        ),
      );
      expect([...y!.data]).toEqual(expected);
      await session.close();
    });
  }

  it('are a quarter of the size in int8', () => {
    const build = (p: Parameters<typeof inferenceModel>[0]['parameters']) =>
      inferenceModel({
        inputs: { x: { dtype: 'f32', shape: ['n', 256] } },
        parameters: p,
        build: (_, { w }, { x }) => ({ y: matmul(x!, w!) }),
      }).length;
    const floats = build({ w: drawn([256, 256], 'w') });
    const bytes = build({ w: { int8: int8([256, 256], 'w'), scale: drawn([256], 's') } });
    expect(floats).toBeGreaterThan(256 * 256 * 4);
    expect(bytes).toBeLessThan(256 * 256 + 256 * 4 + 1000);
  });

  it('name the parameter whose scales do not fit, and the feed of the wrong kind', async () => {
    const bad = { w: { int8: int8([4, 3], 'w'), scale: drawn([4], 's') } };
    expect(() => inferenceModel({ inputs: {}, parameters: bad, build: () => ({}) })).toThrow(
      /w: expected a matrix with a scale for each of axis 1, found \[4,3\] with scales \[4\]/,
    );
    const session = await openSession(encoder);
    await expect(session.run({ tokens: { shape: [1, 1], data: new Float32Array(1) } })).rejects.toThrow(
      /tokens: expected Int32Array, found Float32Array/,
    );
    await session.close();
  });
});
