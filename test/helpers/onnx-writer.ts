/** ONNX files by hand, hostile ones included: fields of onnx.proto by their numbers, whatever they hold. */

import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

export type Field = [number: number, value: Uint8Array | string | number | { float: number } | Field[]];

/** A message of these fields, in this order. Numbers are varints, arrays nested messages. */
export function protobuf(fields: readonly Field[]): Uint8Array {
  const out = new BinaryWriter();
  for (const [number, value] of fields) {
    if (typeof value === 'number') out.tag(number, WireType.Varint).int64(value);
    else if (typeof value === 'string') out.tag(number, WireType.LengthDelimited).string(value);
    else if (value instanceof Uint8Array) out.tag(number, WireType.LengthDelimited).bytes(value);
    else if (Array.isArray(value)) out.tag(number, WireType.LengthDelimited).bytes(protobuf(value));
    else out.tag(number, WireType.Bit32).float(value.float);
  }
  return out.finish();
}

export const port = (name: string, dims: (number | string)[]): Field[] => [
  [1, name],
  [
    2,
    [
      [
        1,
        [
          [1, 1],
          [2, dims.map((dim): Field => [1, [[typeof dim === 'number' ? 1 : 2, dim]]])],
        ],
      ],
    ],
  ],
];

/** @param dims twice where it shall lie: `given` goes into the file, the bytes decide how many numbers there are */
export const tensor = (name: string, dims: number[], raw: Uint8Array, dataType = 1): Field[] => [
  ...dims.map((dim): Field => [1, dim]),
  [2, dataType],
  [8, name],
  [9, raw],
];

export const node = (type: string, inputs: string[], outputs: string[], more: Field[] = []): Field[] => [
  ...inputs.map((name): Field => [1, name]),
  ...outputs.map((name): Field => [2, name]),
  [4, type],
  ...more,
];

export interface GraphParts {
  nodes?: Field[][];
  tensors?: Field[][];
  /** Further fields of the graph, and of the model. */
  graph?: Field[];
  model?: Field[];
}

export const WEIGHTS = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);

/** `y = x * w` with w of [2, 2], or whatever the parts make of it. */
export function onnxModel(parts: GraphParts = {}): Uint8Array {
  const {
    nodes = [node('MatMul', ['x', 'w'], ['y'])],
    tensors = [tensor('w', [2, 2], WEIGHTS)],
    graph = [],
    model = [],
  } = parts;
  return protobuf([
    [1, 10],
    [
      7,
      [
        ...nodes.map((each): Field => [1, each]),
        [2, 'graph'],
        ...tensors.map((each): Field => [5, each]),
        [11, port('x', ['batch', 2])],
        [12, port('y', ['batch', 2])],
        ...graph,
      ],
    ],
    [
      8,
      [
        [1, ''],
        [2, 21],
      ],
    ],
    ...model,
  ]);
}
