import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../shared/errors.ts';
import { ortEngine } from '../../shared/kernels/ort-engine.ts';
import { requireSafeModel } from '../../shared/onnx/require-safe-model.ts';
import { InferenceSession } from '../../trainer-server/onnx-runtime.ts';
import { bundleFixture } from '../helpers/bundle-fixture.ts';
import { type Field, node, onnxModel, tensor, WEIGHTS } from '../helpers/onnx-writer.ts';

const floats = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
const longs = (...values: bigint[]): Uint8Array => new Uint8Array(BigInt64Array.from(values).buffer);
const complaint = (bytes: Uint8Array): string => {
  try {
    requireSafeModel(bytes, 'head.onnx');
    return 'safe';
  } catch (error) {
    if (error instanceof BadInput) return error.message;
    throw error;
  }
};

const EXTERNAL: Field[] = [
  [
    13,
    [
      [1, 'location'],
      [2, '../../etc/passwd'],
    ],
  ],
  [14, 1],
];

describe('safety 10: a hostile graph', () => {
  it('is not seen in what we export, nor in a small graph by hand that the runtime opens', async () => {
    const { signed, files } = await bundleFixture({ onnx: true });
    const graphs = signed.signed.files.filter(({ role }) => role.endsWith('-onnx'));
    expect(graphs.length).toBeGreaterThan(1);
    for (const { sha256, path } of graphs) requireSafeModel(files.get(sha256)!, path);
    expect(complaint(onnxModel())).toBe('safe');
    const session = await InferenceSession.create(onnxModel());
    expect(session.inputNames).toEqual(['x']);
  });

  it('is refused for external data, wherever it says so', () => {
    const there = tensor('w', [2, 2], new Uint8Array());
    expect(complaint(onnxModel({ tensors: [[...there, ...EXTERNAL]] }))).toContain('field 13');
    expect(complaint(onnxModel({ tensors: [[...there, [14, 1]]] }))).toContain('field 14');
    const constant = node(
      'Constant',
      [],
      ['w'],
      [
        [
          5,
          [
            [1, 'value'],
            [5, [...there, ...EXTERNAL]],
          ],
        ],
      ],
    );
    expect(complaint(onnxModel({ nodes: [constant], tensors: [] }))).not.toBe('safe');
    const inside = node(
      'ConstantOfShape',
      ['w'],
      ['y'],
      [
        [
          5,
          [
            [1, 'value'],
            [5, [...there, ...EXTERNAL]],
          ],
        ],
      ],
    );
    expect(complaint(onnxModel({ nodes: [inside] }))).toContain('field 13');
  });

  it('is refused for an operator that is not listed, in any domain, and for anything that holds other graphs', () => {
    for (const type of ['If', 'Loop', 'Scan', 'RandomNormal', 'Tile', 'NonZero', 'Einsum', 'matmul', ''])
      expect(complaint(onnxModel({ nodes: [node(type, ['x', 'w'], ['y'])] }))).toContain(
        'an operator of the list',
      );
    for (const domain of ['evil', 'ai.onnx.ml', 'com.microsoft', 'ai.onnx.training'])
      expect(complaint(onnxModel({ nodes: [node('MatMul', ['x', 'w'], ['y'], [[7, domain]])] }))).toContain(
        'an operator of the list',
      );
    const body = node(
      'MatMul',
      ['x', 'w'],
      ['y'],
      [
        [
          5,
          [
            [1, 'body'],
            [6, [[2, 'inner']]],
          ],
        ],
      ],
    );
    expect(complaint(onnxModel({ nodes: [body] }))).toContain('field 6');
    expect(complaint(onnxModel({ model: [[25, [[1, 'f']]]] }))).toContain('field 25');
    expect(complaint(onnxModel({ model: [[20, [[1, [[2, 'init']]]]]] }))).toContain('field 20');
    expect(
      complaint(
        onnxModel({
          model: [
            [
              8,
              [
                [1, 'evil'],
                [2, 1],
              ],
            ],
          ],
        }),
      ),
    ).toContain('opset');
  });

  it('is refused for huge dimensions, in tensors, shapes, attributes and inputs', () => {
    const huge = 2 ** 31;
    expect(complaint(onnxModel({ tensors: [tensor('w', [huge, huge], WEIGHTS)] }))).toContain('sizes from 0');
    expect(complaint(onnxModel({ tensors: [tensor('w', [2 ** 20, 2 ** 20], WEIGHTS)] }))).toContain(
      'at most',
    );
    expect(complaint(onnxModel({ tensors: [tensor('w', [-1, 4], WEIGHTS)] }))).toContain('sizes from 0');
    expect(complaint(onnxModel({ tensors: [tensor('w', Array(9).fill(1), WEIGHTS)] }))).toContain(
      'at most 8',
    );
    const shape = tensor('s', [2], longs(2n ** 40n, 2n), 7);
    expect(complaint(onnxModel({ nodes: [node('Expand', ['x', 's'], ['y'])], tensors: [shape] }))).toContain(
      'sizes from 0',
    );
    // The end of a slice may be the largest integer; the same number may not become a shape.
    const end = tensor('s', [1], longs(2n ** 63n - 1n), 7);
    const zero = tensor('z', [1], longs(0n), 7);
    const slice = node('Slice', ['x', 'z', 's'], ['y']);
    expect(complaint(onnxModel({ nodes: [slice], tensors: [end, zero] }))).toBe('safe');
    const both = [slice, node('Expand', ['x', 's'], ['v'])];
    expect(complaint(onnxModel({ nodes: both, tensors: [end, zero] }))).toContain('sizes from 0');
    const attribute = node(
      'Split',
      ['x'],
      ['y'],
      [
        [
          5,
          [
            [1, 'num_outputs'],
            [3, huge],
          ],
        ],
      ],
    );
    expect(complaint(onnxModel({ nodes: [attribute] }))).toContain('sizes from 0');
  });

  it('is refused for NaN and infinity in every format of float, and in attributes', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(complaint(onnxModel({ tensors: [tensor('w', [2, 2], floats(1, 2, value, 4))] }))).toContain(
        'finite',
      );
      const doubles = new Uint8Array(Float64Array.of(1, value).buffer);
      expect(complaint(onnxModel({ tensors: [tensor('w', [2], doubles, 11)] }))).toContain('finite');
      const scaled = node(
        'Gemm',
        ['x', 'w'],
        ['y'],
        [
          [
            5,
            [
              [1, 'alpha'],
              [2, { float: value }],
            ],
          ],
        ],
      );
      expect(complaint(onnxModel({ nodes: [scaled] }))).toContain('finite');
    }
    // 0x7c00 is infinity as float16, 0x7f80 as bfloat16; 0x7bff is 65504, the largest float16.
    for (const [bits, type, safe] of [
      [0x7c00, 10, false],
      [0xfe00, 10, false],
      [0x7bff, 10, true],
      [0x7f80, 16, false],
      [0x7f7f, 16, true],
    ] as const) {
      const half = new Uint8Array(Uint16Array.of(0, bits).buffer);
      expect(complaint(onnxModel({ tensors: [tensor('w', [2], half, type)] })) === 'safe').toBe(safe);
    }
    const largest = floats(3.4e38, -3.4e38, 1e-45, 0);
    expect(complaint(onnxModel({ tensors: [tensor('w', [2, 2], largest)] }))).toBe('safe');
  });

  it('is refused where the data are not the size of the shape, or not raw, or of an unknown type', () => {
    expect(complaint(onnxModel({ tensors: [tensor('w', [2, 2], WEIGHTS.slice(1))] }))).toContain(
      'bytes for shape',
    );
    expect(complaint(onnxModel({ tensors: [tensor('w', [2, 3], WEIGHTS)] }))).toContain('24 bytes');
    const typed: Field[] = [
      [1, 1],
      [2, 1],
      [8, 'w'],
      [4, floats(1)],
    ];
    expect(complaint(onnxModel({ tensors: [typed] }))).toContain('field 4');
    expect(complaint(onnxModel({ tensors: [tensor('w', [1], new Uint8Array(1), 8)] }))).toContain(
      'data type',
    );
  });

  it('is refused where two readers could read it differently', () => {
    const graph = onnxModel();
    const twice = new Uint8Array([...graph, ...graph]);
    expect(complaint(twice)).toContain('a field once');
    const renamed = node('MatMul', ['x', 'w'], ['y'], [[4, 'Loop']]);
    expect(complaint(onnxModel({ nodes: [renamed] }))).toContain('a field once');
    const asNumber: Field[] = [
      [1, 'x'],
      [2, 'y'],
      [4, 7],
    ];
    expect(complaint(onnxModel({ nodes: [asNumber] }))).toContain('wire type');
  });

  it('is answered with a BadInput or opened, whatever bytes it is made of', async () => {
    const good = onnxModel();
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
        const bytes = good.slice();
        bytes[at] = byte;
        complaint(bytes);
        complaint(bytes.subarray(0, length));
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void complaint(bytes)),
      { numRuns: 500 },
    );
  });

  it('never reaches the runtime', async () => {
    let created = 0;
    const runtime = {
      Tensor: class {} as never,
      InferenceSession: {
        async create(): Promise<never> {
          created++;
          throw new Error('reached');
        },
      },
    };
    const hostile = onnxModel({ nodes: [node('Loop', ['x', 'w'], ['y'])] });
    await expect(ortEngine(runtime, {}, {}, { head: hostile }, { tier: 'ort-wasm' })).rejects.toThrow(
      BadInput,
    );
    expect(created).toBe(0);
    await expect(ortEngine(runtime, {}, {}, { head: onnxModel() }, { tier: 'ort-wasm' })).rejects.toThrow(
      'reached',
    );
  });
});
