import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from 'vitest';
import { Graph, layerNorm, matmul, relu, slice } from '../../../../trainer-server/graph/index.ts';
import { writeOnnx } from '../../../../trainer-server/graph/onnx/write.ts';
import { InferenceSession } from '../../../../trainer-server/onnx-runtime.ts';

const graph = new Graph({ target: 'cpu', training: true });
const x = graph.input('x', 'f32', ['batch', 4]);
const w = graph.stored('w', 'f32', [4, 2], Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
const y = matmul(x, w, { scale: 0.5, transposeA: false });
relu(y);
graph.stored('unused', 'f32', [1], Float32Array.of(1));
const bytes = writeOnnx({
  nodes: graph.nodes,
  initializers: graph.initializers,
  inputs: graph.inputs,
  outputs: [y],
});

describe('ONNX bytes', () => {
  it('carry IR version 10 and an opset for each domain used', () => {
    const model = fields(bytes);
    expect(model.get(1)).toEqual([10n]);
    const opsets = model.get(8)!.map((each) => fields(each as Uint8Array));
    const named = opsets.map((each) => [text(each.get(1)![0]!), each.get(2)![0]]);
    expect(named).toEqual([
      ['', 21n],
      ['com.microsoft', 1n],
    ]);
  });

  it('leave out nodes and constants that no output needs', () => {
    const inside = fields(fields(bytes).get(7)![0] as Uint8Array);
    const types = inside.get(1)!.map((node) => text(fields(node as Uint8Array).get(4)![0]!));
    expect(types).toEqual(['FusedMatMul']);
    const stored = inside.get(5)!.map((each) => text(fields(each as Uint8Array).get(8)![0]!));
    expect(stored).toEqual(['w']);
  });

  it('hold tensors as raw little-endian data, whatever their place in a larger buffer', () => {
    const inside = fields(fields(bytes).get(7)![0] as Uint8Array);
    const raw = fields(inside.get(5)![0] as Uint8Array).get(9)![0] as Uint8Array;
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    expect([0, 4, 28].map((at) => view.getFloat32(at, true))).toEqual([1, 2, 8]);
    const part = new Graph({ target: 'cpu', training: true });
    const half = part.stored('half', 'f32', [2], Float32Array.of(9, 9, 3, 4).subarray(2));
    const model = { nodes: [], initializers: part.initializers, inputs: [], outputs: [half] };
    const again = fields(fields(writeOnnx(model)).get(7)![0] as Uint8Array);
    expect((fields(again.get(5)![0] as Uint8Array).get(9)![0] as Uint8Array).length).toBe(8);
  });

  it('are read by ONNX Runtime with open lengths open', async () => {
    const session = await InferenceSession.create(bytes);
    expect(session.inputMetadata).toEqual([
      { name: 'x', isTensor: true, type: 'float32', shape: ['batch', 4] },
    ]);
    expect(session.outputMetadata[0]).toMatchObject({ shape: ['batch', 2] });
    await session.release();
  });

  it('ask for the statistics of a layer norm only where a gradient reads them', () => {
    const plain = new Graph({ target: 'portable', training: false });
    const input = plain.input('x', 'f32', [2, 3]);
    const gain = plain.constant([1, 1, 1]);
    const outputs = [layerNorm(slice(input, 0, 0, 1), gain, gain)];
    const model = { nodes: plain.nodes, initializers: plain.initializers, inputs: plain.inputs, outputs };
    const nodes = fields(fields(writeOnnx(model)).get(7)![0] as Uint8Array)
      .get(1)!
      .map((node) => fields(node as Uint8Array));
    const norm = nodes.find((node) => text(node.get(4)![0]!) === 'LayerNormalization')!;
    expect(norm.get(2)!.length).toBe(1);
  });
});

/** A protobuf message by field number, without a schema: numbers as bigint, the rest as bytes. */
function fields(message: Uint8Array): Map<number, (bigint | Uint8Array)[]> {
  const reader = new BinaryReader(message);
  const out = new Map<number, (bigint | Uint8Array)[]>();
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    const value =
      wire === WireType.Varint
        ? BigInt(reader.int64())
        : wire === WireType.LengthDelimited
          ? reader.bytes()
          : undefined;
    if (value === undefined) reader.skip(wire);
    else out.set(field, [...(out.get(field) ?? []), value]);
  }
  return out;
}

const text = (value: bigint | Uint8Array): string => new TextDecoder().decode(value as Uint8Array);
