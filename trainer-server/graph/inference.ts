/** Graphs that only run forward: written as ONNX for every runtime that reads it, or run here. */

import { BadInput } from '../../shared/errors.ts';
import type { Tensor } from '../../shared/tensors.ts';
import { InferenceSession, Tensor as OrtTensor } from '../onnx-runtime.ts';
import { type Device, sessionOptions } from './device.ts';
import { type DType, Graph, type Value } from './graph.ts';
import { writeOnnx } from './onnx/write.ts';
import type { Shape } from './shape.ts';

/**
 * int8 values and what each stands for: value = int8 * scale. A matrix [in, out] has a scale per output channel
 * ([out], `axis` 1, the default), a table of rows one per row ([rows], `axis` 0).
 */
export interface QuantizedParameter {
  int8: Tensor<Int8Array>;
  scale: Tensor<Float32Array>;
  axis?: 0 | 1;
}

export interface InferenceModel {
  /** Lengths given as names are left open. */
  inputs: Record<string, { dtype: 'f32' | 'i32' | 'i64'; shape: Shape }>;
  parameters: Record<string, Tensor<Float32Array> | QuantizedParameter>;
  build(g: Graph, p: Record<string, Value>, x: Record<string, Value>): Record<string, Value>;
}

/** The model's ONNX bytes: standard operators only, so that WASM and WebGPU builds run it as Node does. */
export function inferenceModel({ inputs, parameters, build }: InferenceModel): Uint8Array {
  const graph = new Graph({ target: 'portable', training: false });
  const x = Object.fromEntries(
    Object.entries(inputs).map(([name, { dtype, shape }]) => [name, graph.input(name, dtype, shape)]),
  );
  const p = Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [name, storedParameter(graph, name, parameter)]),
  );
  const outputs = Object.entries(build(graph, p, x)).map(([name, value]) => {
    graph.nodes.push({ type: 'Identity', domain: '', inputs: [value.name], outputs: [name], attributes: {} });
    return { name, dtype: value.dtype, shape: value.shape };
  });
  return writeOnnx({ nodes: graph.nodes, initializers: graph.initializers, inputs: graph.inputs, outputs });
}

function storedParameter(
  graph: Graph,
  name: string,
  parameter: Tensor<Float32Array> | QuantizedParameter,
): Value {
  if (!('int8' in parameter)) return graph.stored(name, 'f32', parameter.shape, parameter.data);
  const { int8, scale, axis = 1 } = parameter;
  if (int8.shape.length !== 2 || scale.shape.join() !== `${int8.shape[axis]}`) {
    throw new BadInput(
      { field: name },
      `a matrix with a scale for each of axis ${axis}`,
      `[${int8.shape}] with scales [${scale.shape}]`,
    );
  }
  const values = graph.stored(name, 'i8', int8.shape, int8.data);
  const scales = graph.stored(`${name}.scale`, 'f32', scale.shape, scale.data);
  const whole = graph.node('DequantizeLinear', [values, scales], [{ shape: int8.shape }], {
    attributes: { axis },
  })[0]!;
  graph.quantized.set(whole, { int8: values, scale: scales, axis });
  return whole;
}

export interface Fed {
  shape: readonly number[];
  data: Float32Array | Int32Array;
}

export interface Session {
  /** One run; ONNX Runtime blocks the calling thread for its length. */
  run(feeds: Record<string, Fed>): Promise<Record<string, Tensor<Float32Array>>>;
  close(): Promise<void>;
}

export async function openSession(
  onnx: Uint8Array,
  options: { device?: Device; threads?: number } = {},
): Promise<Session> {
  const session = await InferenceSession.create(
    onnx,
    sessionOptions(options.device ?? 'cpu', options.threads),
  );
  const types: Record<string, DType> = {};
  for (const input of session.inputMetadata)
    if (input.isTensor) types[input.name] = input.type === 'int32' ? 'i32' : 'f32';
  return {
    async run(feeds) {
      const results = await session.run(
        Object.fromEntries(session.inputNames.map((name) => [name, fed(name, feeds[name], types[name]!)])),
      );
      return Object.fromEntries(
        Object.entries(results).map(([name, { dims, data }]) => [
          name,
          { shape: dims, data: data as Float32Array },
        ]),
      );
    },
    close: () => session.release(),
  };
}

function fed(name: string, feed: Fed | undefined, dtype: DType): OrtTensor {
  const Kind = dtype === 'i32' ? Int32Array : Float32Array;
  if (!(feed?.data instanceof Kind))
    throw new BadInput({ field: name }, Kind.name, feed?.data.constructor.name ?? 'nothing');
  return new OrtTensor(dtype === 'i32' ? 'int32' : 'float32', feed.data as Float32Array, [...feed.shape]);
}
