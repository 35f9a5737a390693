/** Propensities for logs that lack them: a multinomial logit of the logged action, cross-fitted. */

import { foldsOf, type PolicyData } from './policy-data.ts';

export interface PropensityOptions {
  folds: number;
  /** Passes over the decisions. */
  epochs: number;
  /** Step of AdaGrad (Duchi et al. 2011). */
  learningRate: number;
  /** L2 penalty a decision. */
  ridge: number;
  /** Estimates below this are raised to it: a tiny one makes a huge weight out of a guess. */
  least: number;
}

export const PROPENSITY: PropensityOptions = {
  folds: 3,
  epochs: 4,
  learningRate: 0.1,
  ridge: 1e-4,
  least: 1e-3,
};

/**
 * Probability of each logged action, [n]: the log's own where it has one, else the estimate of a model that was fitted
 * without that visitor.
 * @returns `estimated`, how many are estimates: every figure that rests on them must say so
 */
export function propensitiesOf(
  data: PolicyData,
  options: PropensityOptions = PROPENSITY,
): { propensity: Float64Array; estimated: number } {
  const missing = data.propensity.reduce((count, p) => count + (Number.isNaN(p) ? 1 : 0), 0);
  if (missing === 0) return { propensity: data.propensity, estimated: 0 };
  const propensity = data.propensity.slice();
  const folds = foldsOf(data, options.folds);
  for (let fold = 0; fold < options.folds; fold++) {
    const weights = fitLogit(data, (i) => folds[i] !== fold, options);
    for (let i = 0; i < data.count; i++) {
      if (folds[i] !== fold || !Number.isNaN(propensity[i]!)) continue;
      propensity[i] = Math.max(options.least, softmaxOf(data, weights, i)[data.chosen[i]!]!);
    }
  }
  return { propensity, estimated: missing };
}

/** Weights by promotion over the state and a constant, [promotions, state + 1]. */
function fitLogit(data: PolicyData, keep: (i: number) => boolean, options: PropensityOptions): Float64Array {
  const width = data.sessionWidth + data.contextWidth;
  const weights = new Float64Array(data.promotions.length * (width + 1));
  const squares = new Float64Array(weights.length).fill(1e-8);
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    for (let i = 0; i < data.count; i++) {
      if (!keep(i)) continue;
      const p = softmaxOf(data, weights, i);
      for (let j = 0; j < p.length; j++) {
        const error = p[j]! - (j === data.chosen[i] ? 1 : 0);
        const at = data.promotion[data.offsets[i]! + j]! * (width + 1);
        for (let k = 0; k <= width; k++) {
          const x = k === width ? 1 : data.states[i * width + k]!;
          if (x === 0) continue;
          const gradient = error * x + options.ridge * weights[at + k]!;
          squares[at + k]! += gradient * gradient;
          weights[at + k]! -= (options.learningRate * gradient) / Math.sqrt(squares[at + k]!);
        }
      }
    }
  }
  return weights;
}

function softmaxOf(data: PolicyData, weights: Float64Array, i: number): number[] {
  const width = data.sessionWidth + data.contextWidth;
  const logits: number[] = [];
  for (let row = data.offsets[i]!; row < data.offsets[i + 1]!; row++) {
    const at = data.promotion[row]! * (width + 1);
    let logit = weights[at + width]!;
    for (let k = 0; k < width; k++) logit += weights[at + k]! * data.states[i * width + k]!;
    logits.push(logit);
  }
  const largest = Math.max(...logits);
  const exps = logits.map((logit) => Math.exp(logit - largest));
  const sum = exps.reduce((total, x) => total + x, 0);
  return exps.map((x) => x / sum);
}
