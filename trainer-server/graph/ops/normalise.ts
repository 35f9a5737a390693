/** Softmax and the normalisations. All act along the last axis. */

import { operation, type Value } from '../graph.ts';
import { ShapeError, showShape } from '../shape.ts';
import { exp, sqrt } from './activation.ts';
import { add, div, mul, sub } from './arithmetic.ts';
import { matmul } from './matmul.ts';
import { logSumExp, sum, unbroadcast } from './reduce.ts';
import { reshape } from './shape.ts';

const LAST = { axes: [-1], keep: true };

export function softmax(x: Value): Value {
  return operation('Softmax', [x], { shape: x.shape, attributes: { axis: -1 } }, (d, y) => {
    const weighted = mul(d, y);
    return [sub(weighted, mul(y, sum(weighted, LAST)))];
  });
}

export function logSoftmax(x: Value): Value {
  const pullback = (d: Value, y: Value): Value[] => [sub(d, mul(exp(y), sum(d, LAST)))];
  if (x.graph.fused)
    return operation('LogSoftmax', [x], { shape: x.shape, attributes: { axis: -1 } }, pullback);
  const result: Value = x.graph.composed(
    [x],
    () => sub(x, logSumExp(x, { keep: true })),
    (d) => pullback(d, result),
  );
  return result;
}

/**
 * Zero mean and unit variance along the last axis, then gain and bias of that length.
 * Source: Ba, Kiros and Hinton 2016, arXiv 1607.06450, equation 3.
 */
export function layerNorm(x: Value, gain: Value, bias: Value, epsilon = 1e-5): Value {
  const width = x.shape.at(-1);
  if (gain.shape.join() !== `${width}` || bias.shape.join() !== `${width}`) {
    throw new ShapeError(
      `layerNorm: expected gain and bias of [${width}] for ${showShape(x.shape)}, got ${showShape(gain.shape)} and ${showShape(bias.shape)}`,
    );
  }
  const { graph } = x;
  const one = { shape: [...x.shape.slice(0, -1), 1] };
  const attributes = { axis: -1, epsilon: { float: epsilon } };
  const outputs = [{ shape: x.shape }, one, one];
  const [y, centre, inverse] = graph.node('LayerNormalization', [x, gain, bias], outputs, { attributes });
  graph.record([x, gain, bias], [y!], (d) => {
    const unit = mul(sub(x, centre!), inverse!);
    const along = mul(d!, unit);
    // The means over a row of d * gain and of d * gain * unit, each one product with the gain.
    const share = mul(reshape(gain, [width!, 1]), 1 / Number(width));
    const inner = sub(sub(mul(d!, gain), matmul(d!, share)), mul(unit, matmul(along, share)));
    return [mul(inverse!, inner), unbroadcast(along, gain.shape), unbroadcast(d!, bias.shape)];
  });
  return y!;
}

/** Unit length along the last axis; `epsilon` under the root keeps a zero vector at zero. */
export function l2Normalise(x: Value, epsilon = 1e-12): Value {
  return div(x, sqrt(add(sum(mul(x, x), LAST), epsilon)));
}
