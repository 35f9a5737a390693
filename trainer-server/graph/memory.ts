/** Where vectors lie between steps: in the process for the CPU, in buffers of the device for WebGPU. */

import type { InferenceSession as Session } from 'onnxruntime-node';
import { InferenceSession, Tensor } from '../onnx-runtime.ts';
import { type Device, sessionOptions } from './device.ts';
import { Graph } from './graph.ts';
import { writeOnnx } from './onnx/write.ts';

export interface Memory {
  put(data: Float32Array): Promise<Tensor>;
  get(tensor: Tensor): Promise<Float32Array>;
}

export async function openMemory(device: Device): Promise<Memory> {
  if (device === 'cpu') {
    return {
      put: async (data) => new Tensor('float32', data, [data.length]),
      get: async (tensor) => tensor.data as Float32Array,
    };
  }
  // `getData()` of a GPU tensor aborts the process in onnxruntime-node 1.30, so vectors cross through a graph that
  // does nothing but name the place of its output.
  const up = await InferenceSession.create(identity(), at(device, 'gpu-buffer'));
  const down = await InferenceSession.create(identity(), at(device, 'cpu'));
  return {
    put: async (data) => (await up.run({ x: new Tensor('float32', data, [data.length]) })).y!,
    get: async (tensor) => (await down.run({ x: tensor })).y!.data as Float32Array,
  };
}

const at = (device: Device, place: 'gpu-buffer' | 'cpu'): Session.SessionOptions => ({
  ...sessionOptions(device),
  preferredOutputLocation: place,
});

function identity(): Uint8Array {
  const graph = new Graph({ target: 'portable', training: false });
  const x = graph.input('x', 'f32', ['n']);
  graph.nodes.push({ type: 'Identity', domain: '', inputs: ['x'], outputs: ['y'], attributes: {} });
  const outputs = [{ name: 'y', dtype: x.dtype, shape: x.shape }];
  return writeOnnx({ nodes: graph.nodes, initializers: graph.initializers, inputs: graph.inputs, outputs });
}
