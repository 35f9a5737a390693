/** Losses. Each gives one number, the weighted mean over examples, unless it says otherwise. */

import { undifferentiated, type Value } from '../graph.ts';
import { ShapeError, sameShape, showShape } from '../shape.ts';
import { abs, log } from './activation.ts';
import { add, div, maximum, minimum, mul, neg, sub } from './arithmetic.ts';
import { iota, pick, scatterAdd } from './indexing.ts';
import { matmul } from './matmul.ts';
import { softmax } from './normalise.ts';
import { expand, max, mean, sum } from './reduce.ts';
import { reshape, transpose } from './shape.ts';

/**
 * Cross-entropy of each row, [...], from logits [..., classes] and int32 targets [...].
 *
 * Over a large catalogue the passes over the logits are the cost of a loss, so one softmax serves forward and back:
 * log(sum(exp(logits))) is the largest logit less the log of its probability, which is at least 1/classes and so never
 * underflows, as the target's may.
 */
export function crossEntropyEach(logits: Value, targets: Value): Value {
  if (!sameShape(targets.shape, logits.shape.slice(0, -1))) {
    throw new ShapeError(
      `crossEntropy: expected targets of ${showShape(logits.shape.slice(0, -1))} for logits ${showShape(logits.shape)}, got ${showShape(targets.shape)}`,
    );
  }
  let expected = logits;
  const build = (): Value => {
    expected = softmax(logits);
    return sub(sub(max(logits), log(max(expected))), pick(logits, targets));
  };
  return logits.graph.composed([logits, targets], build, (d) => {
    const column = [...targets.shape, 1];
    const wide = reshape(d, column);
    return [scatterAdd(mul(expected, wide), reshape(targets, column), neg(wide), -1), undefined];
  });
}

/**
 * Mean cross-entropy. `weights` [...] are per example; 0 ignores one (a padded position), whose target must still be a
 * class.
 * A batch of nothing but zeros has loss 0.
 */
export function crossEntropy(logits: Value, targets: Value, weights?: Value): Value {
  return weightedMean(crossEntropyEach(logits, targets), weights);
}

/** sum(x * weights) / sum(weights); the plain mean without weights. */
export function weightedMean(x: Value, weights?: Value): Value {
  if (weights === undefined) return mean(x);
  if (!sameShape(x.shape, weights.shape)) {
    throw new ShapeError(`weights: expected ${showShape(x.shape)}, got ${showShape(weights.shape)}`);
  }
  return div(sum(mul(x, weights)), maximum(sum(weights), 1e-8));
}

/**
 * InfoNCE with in-batch negatives, both ways: unit vectors a, b [batch, width], where row i of a belongs to row i of b.
 * Source: Radford et al. 2021, arXiv 2103.00020, figure 3.
 */
export function contrastive(a: Value, b: Value, temperature: number | Value): Value {
  const similarities = div(matmul(a, b, { transposeB: true }), temperature);
  const targets = iota(a, a.shape[0]!);
  return mul(add(crossEntropy(similarities, targets), crossEntropy(transpose(similarities), targets)), 0.5);
}

/** Huber's loss of each error: half its square up to `delta`, linear beyond (Huber 1964). */
export function huberEach(error: Value, delta = 1): Value {
  const size = abs(error);
  const inner = minimum(size, delta);
  return add(mul(mul(inner, inner), 0.5), mul(sub(size, inner), delta));
}

/** Mean Huber loss of predictions against targets of the same shape. */
export function huber(
  predictions: Value,
  targets: Value,
  options: { delta?: number; weights?: Value } = {},
): Value {
  if (!sameShape(predictions.shape, targets.shape)) {
    throw new ShapeError(
      `huber: expected targets of ${showShape(predictions.shape)}, got ${showShape(targets.shape)}`,
    );
  }
  return weightedMean(huberEach(sub(predictions, targets), options.delta), options.weights);
}

/** One-hot rows [..., classes] of int32 indices [...]. */
export function oneHot(indices: Value, classes: number): Value {
  const columns = reshape(iota(indices, classes), [...indices.shape.map(() => 1), classes]);
  const rows = expand(reshape(indices, [...indices.shape, 1]), [...indices.shape, classes]);
  const hit = undifferentiated('Equal', [rows, columns], { shape: rows.shape, dtype: 'bool' });
  return undifferentiated('Cast', [hit], { shape: rows.shape, attributes: { to: 1 } });
}
