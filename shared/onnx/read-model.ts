/**
 * The structure of an ONNX file: field by field of onnx.proto, and nothing that our exports do not write. What is not
 * listed here (external data, subgraphs, functions, sparse and typed data, training info) is refused, not skipped: the
 * runtime would read it. Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */

import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { BadInput, placed } from '../errors.ts';

export interface OnnxTensor {
  name: string;
  /** TensorProto.DataType */
  dataType: number;
  dims: number[];
  raw: Uint8Array;
}

export interface OnnxAttribute {
  name: string;
  /** Every float of it, of `f` and of `floats`. */
  floats: number[];
  ints: number[];
  tensor?: OnnxTensor;
}

export interface OnnxNode {
  type: string;
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: OnnxAttribute[];
}

export interface OnnxPort {
  name: string;
  /** A named dimension is open: undefined. */
  dims: (number | undefined)[];
}

export interface OnnxGraph {
  nodes: OnnxNode[];
  initializers: OnnxTensor[];
  ports: OnnxPort[];
  /** Operator sets by domain. */
  opsets: string[];
}

type Field = (reader: BinaryReader, wire: WireType) => void;

/** @throws BadInput for anything that is no ONNX model of the kind we write */
export function readOnnx(bytes: Uint8Array, file: string): OnnxGraph {
  const out: OnnxGraph = { nodes: [], initializers: [], ports: [], opsets: [] };
  const ports = body((part) => out.ports.push(port(part)));
  const graph = (part: Uint8Array): void =>
    message(part, 'graph', {
      1: body((each) => out.nodes.push(node(each))),
      5: body((each) => out.initializers.push(tensor(each))),
      ...{ 2: skip, 10: skip, 11: ports, 12: ports, 13: ports },
    });
  try {
    message(bytes, 'model', {
      ...{ 1: skip, 2: skip, 3: skip, 4: skip, 5: skip, 6: skip },
      7: once(body(graph)),
      8: body((part) => out.opsets.push(opset(part))),
    });
  } catch (error) {
    if (error instanceof BadInput) throw placed(error, { file });
    throw new BadInput({ file }, 'an ONNX model', (error as Error).message);
  }
  return out;
}

function node(bytes: Uint8Array): OnnxNode {
  const out: OnnxNode = { type: '', domain: '', inputs: [], outputs: [], attributes: [] };
  message(bytes, 'node', {
    1: text((name) => out.inputs.push(name)),
    2: text((name) => out.outputs.push(name)),
    3: skip,
    4: once(text((type) => Object.assign(out, { type }))),
    5: body((part) => out.attributes.push(attribute(part))),
    6: skip,
    7: once(text((domain) => Object.assign(out, { domain }))),
  });
  return out;
}

function attribute(bytes: Uint8Array): OnnxAttribute {
  const out: OnnxAttribute = { name: '', floats: [], ints: [] };
  const float = floats((value) => out.floats.push(value));
  const int = ints((value) => out.ints.push(value));
  message(bytes, 'attribute', {
    1: once(text((name) => Object.assign(out, { name }))),
    ...{ 2: float, 3: int, 4: skip, 7: float, 8: int, 9: skip, 13: skip, 20: skip },
    5: once(body((part) => Object.assign(out, { tensor: tensor(part) }))),
  });
  return out;
}

function tensor(bytes: Uint8Array): OnnxTensor {
  const out: OnnxTensor = { name: '', dataType: 0, dims: [], raw: new Uint8Array() };
  message(bytes, 'tensor', {
    1: ints((dim) => out.dims.push(dim)),
    2: once(ints((dataType) => Object.assign(out, { dataType }))),
    8: once(text((name) => Object.assign(out, { name }))),
    9: once(body((raw) => Object.assign(out, { raw }))),
    12: skip,
  });
  return out;
}

function port(bytes: Uint8Array): OnnxPort {
  const out: OnnxPort = { name: '', dims: [] };
  const dim = (part: Uint8Array): void => {
    let value: number | undefined;
    const size = ints((given) => {
      value = given;
    });
    message(part, 'dimension', { 1: once(size), 2: skip });
    out.dims.push(value);
  };
  const shape = (part: Uint8Array): void => message(part, 'shape', { 1: body(dim) });
  const type = (part: Uint8Array): void => message(part, 'tensor type', { 1: skip, 2: once(body(shape)) });
  message(bytes, 'value', {
    1: once(text((name) => Object.assign(out, { name }))),
    2: once(body((part) => message(part, 'type', { 1: once(body(type)) }))),
    3: skip,
  });
  return out;
}

function opset(bytes: Uint8Array): string {
  let domain = '';
  const name = text((given) => {
    domain = given;
  });
  message(bytes, 'operator set', { 1: once(name), 2: skip });
  return domain;
}

function message(bytes: Uint8Array, name: string, fields: Readonly<Record<number, Field>>): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    const field = fields[number];
    if (field === undefined)
      throw new BadInput({ field: name }, `fields ${Object.keys(fields).join(', ')}`, `field ${number}`);
    field(reader, wire);
  }
}

const skip: Field = (reader, wire) => reader.skip(wire);

/** A second value would replace the first in one reader and not in another. */
function once(field: Field): Field {
  let seen = false;
  return (reader, wire) => {
    if (seen) throw new BadInput({}, 'a field once', 'it twice');
    seen = true;
    field(reader, wire);
  };
}

const text = (take: (value: string) => void): Field =>
  typed(WireType.LengthDelimited, (reader) => take(reader.string()));

const body = (take: (value: Uint8Array) => void): Field =>
  typed(WireType.LengthDelimited, (reader) => take(reader.bytes()));

/** Beyond 2^53 an integer is rounded, and still beyond every limit. */
const ints = (take: (value: number) => void): Field =>
  packable(WireType.Varint, (reader) => take(Number(reader.int64())));

const floats = (take: (value: number) => void): Field =>
  packable(WireType.Bit32, (reader) => take(reader.float()));

/** Another wire type makes it an unknown field to some readers. */
function typed(expected: WireType, read: (reader: BinaryReader) => void): Field {
  return (reader, wire) => {
    if (wire !== expected) throw new BadInput({}, `wire type ${expected}`, `${wire}`);
    read(reader);
  };
}

/** Numbers one by one, or packed into one field. */
function packable(alone: WireType, read: (reader: BinaryReader) => void): Field {
  const single = typed(alone, read);
  return (reader, wire) => {
    if (wire !== WireType.LengthDelimited) return single(reader, wire);
    const packed = new BinaryReader(reader.bytes());
    while (packed.pos < packed.len) read(packed);
  };
}
