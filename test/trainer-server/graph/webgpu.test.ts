import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import {
  add,
  type Device,
  gradients,
  mul,
  type Program,
  startTraining,
  sum,
  type Value,
} from '../../../trainer-server/graph/index.ts';
import { sizeOf } from '../../../trainer-server/graph/shape.ts';
import { OPERATOR_CASES } from '../../helpers/operator-cases.ts';
import { useSoftwareGpu, whyNoSoftwareGpu } from '../../helpers/software-gpu.ts';
import { transformerBatch, transformerProgram } from '../../helpers/transformer.ts';

/** Compiling shaders in software is slow on a busy machine. */
const TIMEOUT = 240_000;

const missing = whyNoSoftwareGpu();
if (missing === undefined) useSoftwareGpu();

const title = `on WebGPU, in software${missing === undefined ? '' : ` (skipped: ${missing})`}`;

describe.skipIf(missing !== undefined)(title, { timeout: TIMEOUT }, () => {
  it('a transformer learns as on the CPU, loss for loss, and resumes from the CPU', async () => {
    const size = { layers: 1, width: 32, heads: 2, time: 8, batch: 4, vocabulary: 50, classes: 6 };
    const program = transformerProgram(size, seeded('webgpu'), { weightDecay: 0.01, clipNorm: 1 });
    const batch = transformerBatch(size, seeded('batch'));
    const [cpu, gpu] = [
      await startTraining(program, { device: 'cpu' }),
      await startTraining(program, { device: 'webgpu' }),
    ];
    for (let step = 0; step < 3; step++) {
      const [expected, actual] = [await cpu.step(batch, 1e-2), await gpu.step(batch, 1e-2)];
      expect(actual.loss).toBeCloseTo(expected.loss, 4);
      expect(actual.gradientNorm).toBeCloseTo(expected.gradientNorm, 3);
    }
    await cpu.step(batch, 1e-2);
    await gpu.restore(await cpu.state());
    expect((await gpu.evaluate(batch)).loss).toBeCloseTo((await cpu.evaluate(batch)).loss, 4);
    expect((await gpu.state())['step/qkv0']).toEqual((await cpu.state())['step/qkv0']);
    await Promise.all([cpu.close(), gpu.close()]);
  });

  it('every operator runs there, forward and backward, with the results of the CPU', async () => {
    const results = async (device: Device) => {
      const training = await startTraining(allOperators(), { device });
      const { outputs } = await training.evaluate(allIndices());
      await training.close();
      return outputs;
    };
    const [expected, actual] = [await results('cpu'), await results('webgpu')];
    const wrong = Object.keys(expected).filter((name) =>
      expected[name]!.some((value, i) => Math.abs(value - actual[name]![i]!) > 1e-4 * (1 + Math.abs(value))),
    );
    expect(wrong).toEqual([]);
  });
});

/** One program of every operator case, whose outputs are their gradients. */
function allOperators(): Program {
  const random = seeded('all operators');
  const parameters: Program['parameters'] = {};
  const inputs: Program['inputs'] = {};
  for (const [name, { shapes, indices = {}, range = [-1, 1] }] of Object.entries(OPERATOR_CASES)) {
    for (const [key, shape] of Object.entries(shapes)) {
      const data = Float32Array.from(
        { length: sizeOf(shape) },
        () => range[0] + (range[1] - range[0]) * random.next(),
      );
      parameters[`${name}.${key}`] = { shape, data };
    }
    for (const [key, { shape }] of Object.entries(indices))
      inputs[`${name}.${key}`] = { dtype: 'i32', shape };
  }
  return {
    parameters,
    inputs,
    loss(g, p, x) {
      const losses: Value[] = [];
      const outputs: Record<string, Value> = {};
      for (const [name, { shapes, indices = {}, build }] of Object.entries(OPERATOR_CASES)) {
        const floats = Object.keys(shapes).map((key) => [key, p[`${name}.${key}`]!] as const);
        const integers = Object.keys(indices).map((key) => [key, x[`${name}.${key}`]!] as const);
        const y = build(Object.fromEntries([...floats, ...integers]));
        const weights = Float32Array.from({ length: sizeOf(y.shape) }, (_, i) => Math.sin(i + 1));
        const loss = sum(mul(y, g.constant(weights, 'f32', y.shape as number[])));
        losses.push(loss);
        gradients(
          loss,
          floats.map(([, value]) => value),
        ).forEach((value, i) => {
          if (value !== undefined) outputs[`${name}.${floats[i]![0]}`] = value;
        });
      }
      return { loss: losses.reduce((a, b) => add(a, b)), outputs };
    },
  };
}

function allIndices(): Record<string, Int32Array> {
  const feeds: Record<string, Int32Array> = {};
  for (const [name, { indices = {} }] of Object.entries(OPERATOR_CASES)) {
    for (const [key, { data }] of Object.entries(indices)) feeds[`${name}.${key}`] = Int32Array.from(data);
  }
  return feeds;
}
