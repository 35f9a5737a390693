/** Networks of random weights, at the scales that training gives them. */

import type { Random } from '../../shared/random.ts';
import type { Tensor } from '../../shared/tensors.ts';

export type Parameters = Record<string, Tensor<Float32Array>>;

/** Normal weights of variance 1/in, gains around 1, everything else small. */
export function randomParameters(shapes: Record<string, readonly number[]>, random: Random): Parameters {
  const parameters: Parameters = {};
  for (const [name, shape] of Object.entries(shapes)) {
    const count = shape.reduce((product, size) => product * size, 1);
    const spread = shape.length === 2 && name.endsWith('.w') ? 1 / Math.sqrt(shape[0]!) : 0.2;
    const centre = name.endsWith('.g') ? 1 : 0;
    const data = Float32Array.from({ length: count }, () => centre + spread * random.normal());
    parameters[name] = { shape, data };
  }
  return parameters;
}
