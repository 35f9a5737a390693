/** Multinomial logistic regression by AdaGrad (Duchi et al. 2011): a step costs as much as it moves. */

import { type Random, shuffle } from '../../shared/random.ts';
import { type Descent, type Example, type Fit, scoresOf, softmaxed } from './linear-classifier.ts';

export interface LogisticOptions {
  epochs: number;
  rate: number;
  /** L2 penalty per step on the weights that the step touches. */
  decay: number;
  /** Examples that are learned from even where there is no time. */
  least: number;
}

/** Examples between two looks at the clock. */
const BLOCK = 64;

const NEGLIGIBLE_ERROR = 1e-3;

export function fitLogistic(
  examples: readonly Example[],
  { classes, buckets }: { classes: number; buckets: number },
  random: Random,
  options: Descent,
  settings: LogisticOptions,
): Fit {
  const weights = new Float32Array(buckets * classes);
  const bias = new Float32Array(classes);
  const squares = new Float32Array(buckets * classes);
  const biasSquares = new Float32Array(classes);
  const order = Int32Array.from(examples.keys());
  const late = (): boolean => options.deadline() <= 0 || options.signal.aborted;
  let learned = 0;
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    for (const i of shuffle(order, random)) {
      if (learned >= settings.least && learned % BLOCK === 0 && late()) return { weights, bias };
      learned++;
      options.looked();
      const { features, label } = examples[i]!;
      const errors = softmaxed(scoresOf({ weights, bias }, features, classes));
      errors[label]! -= 1;
      // Most of many classes are plainly wrong already: their share of the gradient is noise and most of the work.
      const active = [...errors.keys()].filter((c) => Math.abs(errors[c]!) > NEGLIGIBLE_ERROR);
      for (const c of active) {
        biasSquares[c]! += errors[c]! ** 2;
        bias[c]! -= (settings.rate * 0.1 * errors[c]!) / (Math.sqrt(biasSquares[c]!) + 1e-6);
      }
      for (let f = 0; f < features.buckets.length; f++) {
        const from = features.buckets[f]! * classes;
        const value = features.values[f]!;
        for (const c of active) {
          const slope = errors[c]! * value + settings.decay * weights[from + c]!;
          squares[from + c]! += slope * slope;
          weights[from + c]! -= (settings.rate * slope) / (Math.sqrt(squares[from + c]!) + 1e-6);
        }
      }
    }
  }
  return { weights, bias };
}
