/** Rounding a layer to int8 so that what it makes of given inputs changes least. */

import { type Quantized, quantizeColumns } from '../../shared/quantize.ts';
import type { Tensor } from '../../shared/tensors.ts';
import { cholesky } from './cholesky.ts';
import { accumulate, normalOf } from './ridge.ts';

/** Share of the mean square of an input by which all of them are taken to vary: rare ones are then rounded alone. */
const DAMPING = 0.01;

/** As for the constant in a ridge regression: nearly nothing. */
const FREE = 1e-6;

export interface RoundedLayer {
  weights: Quantized;
  bias: Tensor<Float32Array>;
}

/**
 * Column by column, one weight after another, the inputs that vary most first: each is rounded from where it would make up
 * best for the errors of those before it. The bias stays float32 and comes last. With H = L L' the products of the
 * inputs, the error of a column is |L' (w - q)|^2, and its last unknown term is least at
 *
 *   q_k = round(w_k + sum over j > k of L_jk / L_kk * (w_j - q_j))
 *
 * Source: Babai 1986, the nearest plane; by Chen et al. 2025, arXiv 2507.18553, what GPTQ does (Frantar et al. 2022,
 * arXiv 2210.17323).
 * @param weights [in, out]
 * @param bias [out]
 * @param inputs what the layer is given, each [in]
 */
export function roundColumns(
  weights: Tensor<Float32Array>,
  bias: Tensor<Float32Array>,
  inputs: readonly Float32Array[],
  name?: string,
): RoundedLayer {
  const { int8, scale } = quantizeColumns(weights, name);
  const [depth, width] = weights.shape as [number, number];
  const { order, factor } = factored(inputs, depth);
  const full = depth + 1;
  const moved = bias.data.slice();
  const errors = new Float64Array(full);
  for (let column = 0; column < width; column++) {
    const step = scale.data[column]!;
    for (let k = depth; k >= 0; k--) {
      let shift = 0;
      for (let j = k + 1; j <= depth; j++) shift += factor[j * full + k]! * errors[j]!;
      shift /= factor[k * full + k]!;
      if (k === 0) {
        moved[column]! += shift;
        continue;
      }
      const at = order[k]! * width + column;
      const rounded = Math.round((weights.data[at]! + shift) / step);
      int8.data[at] = Math.max(-127, Math.min(127, rounded));
      errors[k] = weights.data[at]! - int8.data[at]! * step;
    }
  }
  return { weights: { int8, scale }, bias: { shape: bias.shape, data: moved } };
}

/** The constant first, then the inputs by how much they vary; and L of their products in this order. */
function factored(inputs: readonly Float32Array[], depth: number) {
  const normal = normalOf(depth);
  for (const x of inputs) accumulate(normal, x, 0);
  const full = depth + 1;
  const { gram } = normal;
  const size = (k: number): number => gram[k * full + k]!;
  const places = Array.from({ length: depth }, (_, k) => k);
  const order = Int32Array.from([depth, ...places.sort((a, b) => size(a) - size(b))]);
  const damping = (DAMPING * places.reduce((sum, k) => sum + size(k), 0)) / depth || 1;
  const factor = new Float64Array(full * full);
  for (let i = 0; i < full; i++) {
    for (let j = 0; j <= i; j++) {
      const [a, b] = [Math.max(order[i]!, order[j]!), Math.min(order[i]!, order[j]!)];
      factor[i * full + j] = gram[a * full + b]!;
    }
    factor[i * full + i]! += i === 0 ? FREE : damping;
  }
  cholesky(factor, full);
  return { order, factor };
}
