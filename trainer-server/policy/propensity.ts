/** Propensities for logs that lack them: a multinomial logit of the logged action, cross-fitted. */

import { foldsOf, type PolicyData } from './policy-data.ts';

export interface PropensityOptions {
  folds: number;
  /** Passes over the decisions, at least; short logs get more, up to five times as many. */
  epochs: number;
  /** Step of AdaGrad (Duchi et al. 2011). */
  learningRate: number;
  /** Candidates for the L2 penalty a decision; the one that predicts left-out visitors best is taken. */
  ridge: readonly number[];
  /** Decisions on which the penalty is chosen. */
  choosing: number;
  /** Estimates below this are raised to it: a tiny one makes a huge weight out of a guess. */
  least: number;
}

export const PROPENSITY: PropensityOptions = {
  folds: 3,
  epochs: 4,
  learningRate: 0.1,
  ridge: [1, 0.1, 0.01, 1e-3, 1e-4],
  choosing: 6000,
  least: 1e-3,
};

/** Decisions that are enough to converge in `epochs` passes. */
const ENOUGH = 20_000;

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
  const sparse = sparseOf(data);
  const folds = foldsOf(data, options.folds);
  const ridge = chooseRidge(data, sparse, folds, options);
  for (let fold = 0; fold < options.folds; fold++) {
    const weights = fitLogit(data, sparse, (i) => folds[i] !== fold, ridge, options);
    for (let i = 0; i < data.count; i++) {
      if (folds[i] !== fold || !Number.isNaN(propensity[i]!)) continue;
      propensity[i] = Math.max(options.least, softmaxOf(data, sparse, weights, i)[data.chosen[i]!]!);
    }
  }
  return { propensity, estimated: missing };
}

/** Non-zero features of each decision's state: most are zero. */
interface Sparse {
  /** [n + 1] */
  from: Int32Array;
  column: Int32Array;
  value: Float32Array;
}

function sparseOf(data: PolicyData): Sparse {
  const width = data.sessionWidth + data.contextWidth;
  const filled = data.states.reduce((count, x) => count + (x === 0 ? 0 : 1), 0);
  const sparse: Sparse = {
    from: new Int32Array(data.count + 1),
    column: new Int32Array(filled),
    value: new Float32Array(filled),
  };
  let at = 0;
  for (let i = 0; i < data.count; i++) {
    for (let k = 0; k < width; k++) {
      const x = data.states[i * width + k]!;
      if (x === 0) continue;
      sparse.column[at] = k;
      sparse.value[at++] = x;
    }
    sparse.from[i + 1] = at;
  }
  return sparse;
}

/** The penalty under which left-out visitors' actions are likeliest. Too small a one takes noise for a policy. */
function chooseRidge(
  data: PolicyData,
  sparse: Sparse,
  folds: Int32Array,
  options: PropensityOptions,
): number {
  const every = Math.max(1, Math.ceil(data.count / options.choosing));
  const used = (i: number): boolean => i % every === 0;
  let best = { ridge: options.ridge[0]!, likelihood: Number.NEGATIVE_INFINITY };
  for (const ridge of options.ridge) {
    // One fold left out tells enough.
    const weights = fitLogit(data, sparse, (i) => used(i) && folds[i] !== 0, ridge, options);
    let likelihood = 0;
    for (let i = 0; i < data.count; i++) {
      if (!used(i) || folds[i] !== 0) continue;
      likelihood += Math.log(Math.max(options.least, softmaxOf(data, sparse, weights, i)[data.chosen[i]!]!));
    }
    if (likelihood > best.likelihood) best = { ridge, likelihood };
  }
  return best.ridge;
}

/** Weights by promotion over the state and a constant, which is not shrunk, [promotions, state + 1]. */
function fitLogit(
  data: PolicyData,
  sparse: Sparse,
  keep: (i: number) => boolean,
  ridge: number,
  options: PropensityOptions,
): Float64Array {
  const width = data.sessionWidth + data.contextWidth;
  const weights = new Float64Array(data.promotions.length * (width + 1));
  const squares = new Float64Array(weights.length).fill(1e-8);
  const step = (at: number, gradient: number): void => {
    squares[at]! += gradient * gradient;
    weights[at]! -= (options.learningRate * gradient) / Math.sqrt(squares[at]!);
  };
  const passes = options.epochs * Math.min(5, Math.max(1, ENOUGH / Math.max(1, data.count)));
  for (let pass = 0; pass < passes; pass++) {
    for (let i = 0; i < data.count; i++) {
      if (!keep(i)) continue;
      const p = softmaxOf(data, sparse, weights, i);
      for (let j = 0; j < p.length; j++) {
        const error = p[j]! - (j === data.chosen[i] ? 1 : 0);
        const at = data.promotion[data.offsets[i]! + j]! * (width + 1);
        for (let f = sparse.from[i]!; f < sparse.from[i + 1]!; f++) {
          const place = at + sparse.column[f]!;
          step(place, error * sparse.value[f]! + ridge * weights[place]!);
        }
        step(at + width, error);
      }
    }
  }
  return weights;
}

function softmaxOf(data: PolicyData, sparse: Sparse, weights: Float64Array, i: number): number[] {
  const width = data.sessionWidth + data.contextWidth;
  const logits: number[] = [];
  for (let row = data.offsets[i]!; row < data.offsets[i + 1]!; row++) {
    const at = data.promotion[row]! * (width + 1);
    let logit = weights[at + width]!;
    for (let f = sparse.from[i]!; f < sparse.from[i + 1]!; f++) {
      logit += weights[at + sparse.column[f]!]! * sparse.value[f]!;
    }
    logits.push(logit);
  }
  const largest = Math.max(...logits);
  const exps = logits.map((logit) => Math.exp(logit - largest));
  const sum = exps.reduce((total, x) => total + x, 0);
  return exps.map((x) => x / sum);
}
