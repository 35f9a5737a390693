/**
 * Bottleneck adapters (Houlsby et al. 2019, arXiv 1902.00751) beside the feed-forward layers, the form that He et al. 2022
 * (arXiv 2110.04366, table 1, "scaled parallel adapter") found best: ff(x) + scale * f(x D + d) U. With the layer's
 * own non-linearity f this is a layer with more inner values, which is what is exported.
 */

import type { Tensor } from '../../../shared/tensors.ts';
import { concat, mul, type Value } from '../../graph/index.ts';
import { type FineTuning, type Layered, type Parameters, randomMatrix, zeroMatrix } from './fine-tuning.ts';

export interface AdapterOptions {
  /** Inner values of an adapter; a multiple of 8, which the kernels work on at once. */
  width: number;
  scale: number;
  rate: number;
}

/** Scale after He et al., section 4.4. */
export const ADAPTERS: AdapterOptions = { width: 16, scale: 4, rate: 4 };

const PREFIX = 'adapter.';
const [DOWN, BIAS, UP] = ['.down', '.bias', '.up'] as const;

const layersOf = (names: Iterable<string>): string[] =>
  [...names].flatMap((name) =>
    !name.startsWith(PREFIX) && name.endsWith('.ff1.w') ? [name.slice(0, -'.ff1.w'.length)] : [],
  );

export function bottleneckAdapters<Config extends Layered>({
  width,
  scale,
  rate,
}: AdapterOptions): FineTuning<Config> {
  const trains = (name: string): boolean => name.startsWith(PREFIX);
  return {
    rate,
    trains,
    extended: ({ config, parameters }, random) => {
      const added: Parameters = {};
      for (const layer of layersOf(Object.keys(parameters))) {
        const from = parameters[`${layer}.ff1.w`]!.shape[0]!;
        added[PREFIX + layer + DOWN] = randomMatrix(from, width, random.fork(layer));
        added[PREFIX + layer + BIAS] = { shape: [width], data: new Float32Array(width) };
        added[PREFIX + layer + UP] = zeroMatrix(width, from);
      }
      return { config, parameters: { ...parameters, ...added } };
    },
    applied: (p) => {
      const out = { ...p };
      for (const layer of layersOf(Object.keys(p))) {
        const own = (part: string): Value => p[PREFIX + layer + part]!;
        out[`${layer}.ff1.w`] = concat([p[`${layer}.ff1.w`]!, own(DOWN)], 1);
        out[`${layer}.ff1.b`] = concat([p[`${layer}.ff1.b`]!, own(BIAS)], 0);
        out[`${layer}.ff2.w`] = concat([p[`${layer}.ff2.w`]!, mul(own(UP), scale)], 0);
      }
      return out;
    },
    merged: ({ config, parameters }) => ({
      config: { ...config, inner: config.inner + width },
      parameters: widened(parameters, scale, trains),
    }),
  };
}

function widened(parameters: Parameters, scale: number, added: (name: string) => boolean): Parameters {
  const out = Object.fromEntries(Object.entries(parameters).filter(([name]) => !added(name)));
  for (const layer of layersOf(Object.keys(out))) {
    const own = (part: string): Tensor<Float32Array> => parameters[PREFIX + layer + part]!;
    out[`${layer}.ff1.w`] = beside(out[`${layer}.ff1.w`]!, own(DOWN));
    out[`${layer}.ff1.b`] = below(out[`${layer}.ff1.b`]!, own(BIAS));
    const { shape, data } = own(UP);
    out[`${layer}.ff2.w`] = below(out[`${layer}.ff2.w`]!, { shape, data: data.map((x) => scale * x) });
  }
  return out;
}

function beside(left: Tensor<Float32Array>, right: Tensor<Float32Array>): Tensor<Float32Array> {
  const [rows, a, b] = [left.shape[0]!, left.shape[1]!, right.shape[1]!];
  const data = new Float32Array(rows * (a + b));
  for (let row = 0; row < rows; row++) {
    data.set(left.data.subarray(row * a, (row + 1) * a), row * (a + b));
    data.set(right.data.subarray(row * b, (row + 1) * b), row * (a + b) + a);
  }
  return { shape: [rows, a + b], data };
}

function below(top: Tensor<Float32Array>, bottom: Tensor<Float32Array>): Tensor<Float32Array> {
  const data = new Float32Array(top.data.length + bottom.data.length);
  data.set(top.data);
  data.set(bottom.data, top.data.length);
  return { shape: [top.shape[0]! + bottom.shape[0]!, ...top.shape.slice(1)], data };
}
