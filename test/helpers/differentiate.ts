/** A scalar function of named tensors and its gradient, as one ONNX graph run in this process. */

import { seeded } from '../../shared/random.ts';
import { Graph, gradients, mul, sum, type Value } from '../../trainer-server/graph/index.ts';
import { openSession } from '../../trainer-server/graph/inference.ts';
import { writeOnnx } from '../../trainer-server/graph/onnx/write.ts';
import { sizeOf } from '../../trainer-server/graph/shape.ts';

export interface Case {
  /** Float inputs and their shapes; all are differentiated. */
  shapes: Record<string, readonly number[]>;
  /** Integer inputs. */
  indices?: Record<string, { shape: readonly number[]; data: number[] }>;
  /** Range of the inputs; default -1 to 1. */
  range?: readonly [number, number];
  /** May give any shape: it is weighed with fixed random numbers and summed. */
  build(x: Record<string, Value>): Value;
}

export interface Differentiated {
  names: string[];
  inputs: Record<string, Float32Array>;
  /** What the sum weighs the function's values with. */
  weights: Float32Array;
  at(
    inputs: Record<string, Float32Array>,
  ): Promise<{ loss: number; gradients: Record<string, Float32Array> }>;
  close(): Promise<void>;
}

export async function differentiate(each: Case, target: 'cpu' | 'portable' = 'cpu'): Promise<Differentiated> {
  const graph = new Graph({ target, training: true });
  const random = seeded('differentiate');
  const floats = Object.entries(each.shapes).map(([name, shape]) => graph.input(name, 'f32', shape));
  const integers = Object.entries(each.indices ?? {}).map(([name, { shape }]) =>
    graph.input(name, 'i32', shape),
  );
  const y = each.build(Object.fromEntries([...floats, ...integers].map((value) => [value.name, value])));
  const weights = Float32Array.from({ length: sizeOf(y.shape) }, () => random.next() * 2 - 1);
  const loss = sum(mul(y, graph.constant(weights, 'f32', y.shape as number[])));
  const found = gradients(loss, floats);
  const outputs = [loss, ...found.flatMap((value) => value ?? [])];
  const session = await openSession(
    writeOnnx({ nodes: graph.nodes, initializers: graph.initializers, inputs: graph.inputs, outputs }),
    { threads: 1 },
  );
  const [low, high] = each.range ?? [-1, 1];
  const draw = (size: number): Float32Array =>
    Float32Array.from({ length: size }, () => low + (high - low) * random.next());
  return {
    names: floats.map(({ name }) => name),
    inputs: Object.fromEntries(floats.map(({ name, shape }) => [name, draw(sizeOf(shape))])),
    weights,
    async at(inputs) {
      const results = await session.run({
        ...Object.fromEntries(
          floats.map(({ name, shape }) => [name, { shape: shape as number[], data: inputs[name]! }]),
        ),
        ...Object.fromEntries(
          Object.entries(each.indices ?? {}).map(([name, { shape, data }]) => [
            name,
            { shape, data: Int32Array.from(data) },
          ]),
        ),
      });
      const gradientOf = (i: number): Float32Array => {
        const value = found[i];
        return value === undefined ? new Float32Array(sizeOf(floats[i]!.shape)) : results[value.name]!.data;
      };
      return {
        loss: results[loss.name]!.data[0]!,
        gradients: Object.fromEntries(floats.map(({ name }, i) => [name, gradientOf(i)])),
      };
    },
    close: () => session.close(),
  };
}

/** Largest relative error of the gradient against central differences of fourth order, over a few entries of each input. */
export async function worstDifference(f: Differentiated, step = 2e-2, perInput = 8): Promise<number> {
  const { gradients: exact } = await f.at(f.inputs);
  let worst = 0;
  for (const name of f.names) {
    const values = f.inputs[name]!;
    const stride = Math.max(1, Math.floor(values.length / perInput));
    for (let i = 0; i < values.length; i += stride) {
      const at = async (shift: number): Promise<number> => {
        const moved = Float32Array.from(values);
        moved[i] = values[i]! + shift;
        return (await f.at({ ...f.inputs, [name]: moved })).loss;
      };
      const near = (await at(step)) - (await at(-step));
      const far = (await at(2 * step)) - (await at(-2 * step));
      const numeric = (8 * near - far) / (12 * step);
      worst = Math.max(worst, Math.abs(numeric - exact[name]![i]!) / (0.1 + Math.abs(numeric)));
    }
  }
  return worst;
}
