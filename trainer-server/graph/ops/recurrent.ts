/** The gated recurrent unit, unrolled over a fixed time. */

import type { Value } from '../graph.ts';
import { fixed } from '../shape.ts';
import { sigmoid, tanh } from './activation.ts';
import { add, mul, sub } from './arithmetic.ts';
import { matmul } from './matmul.ts';
import { concat, reshape, split, transpose, zeros } from './shape.ts';

export interface GruParameters {
  /** Input weights [inputs, 3 * hidden]: update, reset, candidate side by side. */
  input: Value;
  /** Recurrent weights [hidden, 3 * hidden]. */
  recurrent: Value;
  inputBias: Value;
  recurrentBias: Value;
}

/** One step: x [batch, 3 * hidden] already multiplied by the input weights, state [batch, hidden]. */
export function gruCell(
  x: Value,
  state: Value,
  p: Pick<GruParameters, 'recurrent' | 'recurrentBias'>,
): Value {
  const [xz, xr, xn] = split(x, 3);
  const [hz, hr, hn] = split(add(matmul(state, p.recurrent), p.recurrentBias), 3);
  const update = sigmoid(add(xz!, hz!));
  const reset = sigmoid(add(xr!, hr!));
  const candidate = tanh(add(xn!, mul(reset, hn!)));
  return add(candidate, mul(update, sub(state, candidate)));
}

/**
 * x [batch, time, inputs] gives the states [batch, time, hidden], from a zero state; the reset gate acts on the
 * product, as in cuDNN and ONNX's linear_before_reset. Source: Cho et al. 2014, arXiv 1406.1078.
 */
export function gru(x: Value, p: GruParameters): Value {
  const [batch, time] = x.shape;
  const steps = fixed('gru', time);
  const hidden = fixed('gru', p.recurrent.shape[0]);
  const projected = transpose(add(matmul(x, p.input), p.inputBias), [1, 0, 2]);
  const inputs = split(projected, steps, 0).map((each) => reshape(each, [batch!, 3 * hidden]));
  let state = zeros(x, [batch!, hidden]);
  const states = inputs.map((each) => {
    state = gruCell(each, state, p);
    return reshape(state, [batch!, 1, hidden]);
  });
  return concat(states, 1);
}
