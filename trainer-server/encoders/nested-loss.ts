/**
 * A loss over every width that is to serve as a vector: the mean over the prefixes (Kusupati et al. 2022, "Matryoshka",
 * arXiv 2205.13147, equation 1 with equal weights).
 */

import { add, l2Normalise, mul, slice, type Value } from '../graph/index.ts';
import type { TextNetwork } from './text-network.ts';
import type { TextTrainingOptions } from './text-options.ts';

/** @param loss what is asked of vectors [rows, vectorWidth] that `prefix` has cut to one width and made unit vectors */
export function nestedLoss(
  { nestedWidths }: Pick<TextTrainingOptions, 'nestedWidths'>,
  { vectorWidth }: Pick<TextNetwork, 'vectorWidth'>,
  loss: (prefix: (vectors: Value) => Value) => Value,
): Value {
  const widths = [...nestedWidths.filter((width) => width < vectorWidth), vectorWidth];
  const losses = widths.map((width) => loss((vectors) => l2Normalise(slice(vectors, 1, 0, width))));
  return mul(losses.reduce(add), 1 / widths.length);
}
