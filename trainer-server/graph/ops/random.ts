/** Dropout. */

import { undifferentiated, type Value } from '../graph.ts';
import { mul, sub } from './arithmetic.ts';
import { cast, greater } from './compare.ts';

/** Names of the inputs that hold a dropout site's random numbers; the runner fills them at every step. */
export const ROW_NOISE = 'noise.row.';
export const COLUMN_NOISE = 'noise.column.';

/**
 * While training, sets each value to 0 with probability `rate` and scales the rest by 1 / (1 - rate)
 * (Srivastava et al. 2014); at inference, the identity.
 *
 * ONNX's own Dropout draws from a hidden state, so a resumed run would differ. Here each step gives the site fresh
 * random numbers, r in [512, 1024) per row and c in [1, 2) per column, and the uniform of a cell is the fraction of
 * r * c: a multiplicative hash of two independent keys, equal on every device because IEEE products are rounded alike.
 */
export function dropout(x: Value, rate: number): Value {
  const { graph } = x;
  if (!graph.training || rate === 0) return x;
  if (!(rate > 0 && rate < 1))
    throw new RangeError(`dropout: expected a rate from 0 to below 1, got ${rate}`);
  const site = graph.inputs.filter((input) => input.name.startsWith(ROW_NOISE)).length;
  const row = graph.input(`${ROW_NOISE}${site}`, 'f32', [...x.shape.slice(0, -1), 1]);
  const column = graph.input(`${COLUMN_NOISE}${site}`, 'f32', [x.shape.at(-1)!]);
  const product = mul(row, column);
  const uniform = sub(product, undifferentiated('Floor', [product], { shape: x.shape }));
  return mul(x, mul(cast(greater(uniform, rate), 'f32'), 1 / (1 - rate)));
}
