/** How fast a device multiplies matrices, which is most of training. */

import { InferenceSession, Tensor } from '../onnx-runtime.ts';
import { type Device, sessionOptions } from './device.ts';
import { Graph, type Value } from './graph.ts';
import { writeOnnx } from './onnx/write.ts';
import { matmul } from './ops/matmul.ts';
import { mean } from './ops/reduce.ts';

const WIDTH = 512;
const PRODUCTS = 8;
const RUNS = 4;

/** Flops per millisecond, at the best of a few runs of 8 products of 512 x 512 matrices. */
export async function productRate(device: Device): Promise<number> {
  const graph = new Graph({ target: 'portable', training: false });
  const x = graph.input('x', 'f32', [WIDTH, WIDTH]);
  let y: Value = x;
  for (let i = 0; i < PRODUCTS; i++) y = matmul(y, x);
  const model = { nodes: graph.nodes, initializers: graph.initializers, inputs: [x], outputs: [mean(y)] };
  const session = await InferenceSession.create(writeOnnx(model), sessionOptions(device));
  const feed = new Tensor('float32', new Float32Array(WIDTH * WIDTH), [WIDTH, WIDTH]);
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run++) {
    const began = performance.now();
    await session.run({ x: feed });
    best = Math.min(best, performance.now() - began);
  }
  await session.release();
  return graph.flops / best;
}
