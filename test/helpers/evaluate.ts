/** Runs a function of graph values on numbers. */

import { inferenceModel, openSession, type Value } from '../../trainer-server/graph/index.ts';

export interface Numbers {
  shape: readonly number[];
  data: Float32Array | Int32Array;
}

export const floats = (shape: number[], values: ArrayLike<number>): Numbers => ({
  shape,
  data: Float32Array.from(values),
});
export const integers = (shape: number[], values: ArrayLike<number>): Numbers => ({
  shape,
  data: Int32Array.from(values),
});

/** The values of the result, in order. Inputs keep the order of their keys. */
export async function evaluate(
  inputs: Record<string, Numbers>,
  build: (x: Record<string, Value>) => Value,
  { threads = 1 } = {},
): Promise<{ shape: readonly number[]; data: number[] }> {
  const onnx = inferenceModel({
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, data }]) => [
        name,
        { shape, dtype: data instanceof Int32Array ? ('i32' as const) : ('f32' as const) },
      ]),
    ),
    parameters: {},
    build: (_, __, x) => ({ result: build(x) }),
  });
  const session = await openSession(onnx, { threads });
  const { result } = await session.run(inputs);
  await session.close();
  return { shape: result!.shape, data: [...result!.data] };
}
