/**
 * ONNX models as bytes: protobuf-es's wire writer over the field numbers of onnx.proto, IR version 10, opset 21 (the
 * first whose DequantizeLinear the WebGPU build keeps on the GPU; newest that every runtime we ship to reads).
 */

import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { DType } from '../graph.ts';
import type { Attribute, OnnxModel, OnnxNode, OnnxPort, OnnxTensor } from './model.ts';

const IR_VERSION = 10;
const OPSET = 21;

/** TensorProto.DataType */
const DATA_TYPE: Record<DType, number> = { f32: 1, u8: 2, i8: 3, i32: 6, i64: 7, bool: 9 };

/** AttributeProto.AttributeType, and the field that holds such a value. */
const FLOAT = { type: 1, field: 2 };
const INT = { type: 2, field: 3 };
const STRING = { type: 3, field: 4 };
const INTS = { type: 7, field: 8 };

/** One model's bytes. Nodes and initializers that no output needs are left out. */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const { nodes, initializers } = needed(model);
  const domains = new Set(['', ...nodes.map((node) => node.domain)]);
  const out = new BinaryWriter();
  int(out, 1, IR_VERSION);
  text(out, 2, 'promo-edge');
  message(out, 7, () => {
    for (const node of nodes) message(out, 1, () => writeNode(out, node));
    text(out, 2, 'graph');
    for (const [name, tensor] of initializers) message(out, 5, () => writeTensor(out, name, tensor));
    for (const port of model.inputs) message(out, 11, () => writePort(out, port));
    for (const port of model.outputs) message(out, 12, () => writePort(out, port));
  });
  for (const domain of domains) {
    message(out, 8, () => {
      text(out, 1, domain);
      int(out, 2, domain === '' ? OPSET : 1);
    });
  }
  return out.finish();
}

/** Whose later outputs, here the statistics that only a gradient reads, may be left out. */
const OPTIONAL_OUTPUTS = new Set(['LayerNormalization']);

/** ONNX Runtime runs every node it is given, used or not, so dead ones go here. */
function needed(model: OnnxModel): { nodes: OnnxNode[]; initializers: [string, OnnxTensor][] } {
  const names = new Set(model.outputs.map((port) => port.name));
  const nodes: OnnxNode[] = [];
  for (const node of [...model.nodes].reverse()) {
    if (!node.outputs.some((name) => names.has(name))) continue;
    for (const name of node.inputs) names.add(name);
    const used = OPTIONAL_OUTPUTS.has(node.type)
      ? node.outputs.filter((name) => names.has(name))
      : node.outputs;
    nodes.push({ ...node, outputs: used });
  }
  return {
    nodes: nodes.reverse(),
    initializers: [...model.initializers].filter(([name]) => names.has(name)),
  };
}

function writeNode(out: BinaryWriter, node: OnnxNode): void {
  for (const name of node.inputs) text(out, 1, name);
  for (const name of node.outputs) text(out, 2, name);
  text(out, 3, node.outputs[0]!);
  text(out, 4, node.type);
  for (const [name, value] of Object.entries(node.attributes)) {
    message(out, 5, () => writeAttribute(out, name, value));
  }
  if (node.domain !== '') text(out, 7, node.domain);
}

function writeAttribute(out: BinaryWriter, name: string, value: Attribute): void {
  text(out, 1, name);
  if (typeof value === 'number') {
    int(out, INT.field, value);
    int(out, 20, INT.type);
  } else if (typeof value === 'string') {
    text(out, STRING.field, value);
    int(out, 20, STRING.type);
  } else if ('float' in value) {
    out.tag(FLOAT.field, WireType.Bit32).float(value.float);
    int(out, 20, FLOAT.type);
  } else {
    for (const each of value) int(out, INTS.field, each);
    int(out, 20, INTS.type);
  }
}

function writeTensor(out: BinaryWriter, name: string, { dtype, shape, data }: OnnxTensor): void {
  for (const dim of shape) int(out, 1, dim);
  int(out, 2, DATA_TYPE[dtype]);
  text(out, 8, name);
  out.tag(9, WireType.LengthDelimited).bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writePort(out: BinaryWriter, { name, dtype, shape }: OnnxPort): void {
  text(out, 1, name);
  message(out, 2, () =>
    message(out, 1, () => {
      int(out, 1, DATA_TYPE[dtype]);
      message(out, 2, () => {
        for (const dim of shape) {
          message(out, 1, () => (typeof dim === 'number' ? int(out, 1, dim) : text(out, 2, dim)));
        }
      });
    }),
  );
}

function int(out: BinaryWriter, field: number, value: number): void {
  out.tag(field, WireType.Varint).int64(value);
}

function text(out: BinaryWriter, field: number, value: string): void {
  out.tag(field, WireType.LengthDelimited).string(value);
}

function message(out: BinaryWriter, field: number, write: () => void): void {
  out.tag(field, WireType.LengthDelimited).fork();
  write();
  out.join();
}
