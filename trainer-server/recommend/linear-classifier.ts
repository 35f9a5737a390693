/** What is learned to tell categories apart, however it is learned: weights of features, whose sums are scores. */

import type { TextFeatures } from '../../shared/search/classifier.ts';
import type { TrainingOptions } from '../training-options.ts';

export interface Example {
  features: TextFeatures;
  label: number;
}

/** Weights as trained, [buckets * classes], before quantization. */
export interface Fit {
  weights: Float32Array;
  bias: Float32Array;
}

/** When to stop, and who is told of each product that was looked at. */
export interface Descent extends Pick<TrainingOptions, 'deadline' | 'signal'> {
  looked(): void;
}

export function scoresOf(
  { weights, bias }: Fit,
  { buckets, values }: TextFeatures,
  classes: number,
): Float32Array {
  const scores = bias.slice();
  for (let f = 0; f < buckets.length; f++) {
    const from = buckets[f]! * classes;
    const value = values[f]!;
    for (let c = 0; c < classes; c++) scores[c]! += weights[from + c]! * value;
  }
  return scores;
}

export function softmaxed(scores: Float32Array): Float32Array {
  const most = scores.reduce((a, b) => Math.max(a, b));
  const exponentials = scores.map((score) => Math.exp(score - most));
  const total = exponentials.reduce((a, b) => a + b);
  return exponentials.map((x) => x / total);
}
