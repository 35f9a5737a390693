/**
 * How wide a text encoder's vectors are: it is trained wider than what a release carries. Every trained width is the
 * head of the next one (Matryoshka), so that the published projection is the first columns of the trained one.
 */

import type { Tensor } from '../../shared/tensors.ts';
import type { TextModel } from './train-text.ts';
import type { TextWeights } from './tuning/fine-tuning.ts';

const PROJECTION = 'text.project';

/** The weights whose vectors are the first `width` values, or all where there are fewer. */
export function narrowedText({ config, parameters }: TextWeights, width: number): TextWeights {
  const { shape, data } = parameters[PROJECTION]!;
  const [rows, columns] = shape as [number, number];
  const kept = Math.min(width, columns);
  const cut = new Float32Array(rows * kept);
  for (let row = 0; row < rows; row++)
    cut.set(data.subarray(row * columns, row * columns + kept), row * kept);
  return {
    config: { ...config, vectorWidth: kept },
    parameters: { ...parameters, [PROJECTION]: { shape: [rows, kept], data: cut } },
  };
}

/** The weights as they were trained: what the next training goes on from. */
export const trainedText = ({ config, parameters, projection }: TextModel): TextWeights => ({
  config: { ...config, vectorWidth: projection.shape[1]! },
  parameters: { ...parameters, [PROJECTION]: projection },
});

/** What a release carries of trained weights, beside the whole of what it leaves out. */
export function carriedText(
  weights: TextWeights,
  width: number,
): TextWeights & { projection: Tensor<Float32Array> } {
  return { ...narrowedText(weights, width), projection: weights.parameters[PROJECTION]! };
}
