/** The Q head of shared/models/q-head.ts as a graph: one definition for training, batches and the exported file. */

import { type QHeadConfig, qHeadShapes } from '../../shared/models/q-head.ts';
import type { Random } from '../../shared/random.ts';
import type { Tensor } from '../../shared/tensors.ts';
import {
  add,
  div,
  dropout,
  type InferenceModel,
  inferenceModel,
  linear,
  matmul,
  mean,
  mul,
  relu,
  reshape,
  slice,
  sub,
  sum,
  type Value,
} from '../graph/index.ts';

export type Parameters = Record<string, Tensor<Float32Array>>;

export interface QValues {
  /** V, [..., 1, 1]. */
  value: Value;
  /** A minus its mean over the eligible promotions, [..., promotions, 1]. */
  advantage: Value;
  /** The state tower's output, [..., 1, hidden]. */
  trunk: Value;
}

/**
 * Value and advantage in the network's own unit. The last two axes are [1, width] for the state and
 * [promotions, width] for the actions, so the same lines serve one request and a padded batch.
 * @param eligible 1 for a promotion, 0 for padding, [..., promotions, 1]; all where absent
 * @param rate dropout on the towers while training
 */
export function qValues(
  p: Record<string, Value>,
  config: QHeadConfig,
  state: Value,
  actions: Value,
  eligible?: Value,
  rate = 0,
): QValues {
  const { hidden } = config;
  const layer = (x: Value, name: string): Value =>
    relu(linear(x, p[`head.${name}.w`]!, p[`head.${name}.b`]!));
  const s = layer(dropout(layer(state, 's1'), rate), 's2');
  const a = layer(dropout(layer(actions, 'a1'), rate), 'a2');
  // [s, a, s*a] * j1 without laying the three side by side for every promotion.
  const j1 = p['head.j1.w']!;
  const block = (i: number): Value => slice(j1, 0, i * hidden, (i + 1) * hidden);
  const joint = add(
    add(matmul(a, block(1)), matmul(mul(s, a), block(2))),
    linear(s, block(0), p['head.j1.b']!),
  );
  const raw = linear(relu(joint), p['head.j2.w']!, p['head.j2.b']!);
  const value = linear(s, p['head.v.w']!, p['head.v.b']!);
  return { value, advantage: sub(raw, meanOver(raw, eligible)), trunk: s };
}

function meanOver(x: Value, eligible: Value | undefined): Value {
  if (eligible === undefined) return mean(x, { axes: [-2], keep: true });
  const total = sum(mul(x, eligible), { axes: [-2], keep: true });
  return div(total, sum(eligible, { axes: [-2], keep: true }));
}

/** He initialisation (He et al. 2015, arXiv 1502.01852); the last layers start small, so that Q starts near 0. */
export function initialHead(config: QHeadConfig, random: Random): Parameters {
  const parameters: Parameters = {};
  for (const [name, shape] of Object.entries(qHeadShapes(config))) {
    const [fanIn, fanOut] = shape;
    const size = shape.reduce((n, d) => n * d, 1);
    const deviation = fanOut === undefined ? 0 : Math.sqrt(2 / fanIn!) * (fanOut === 1 ? 0.1 : 1);
    parameters[name] = {
      shape,
      data: Float32Array.from({ length: size }, () => deviation * random.normal()),
    };
  }
  return parameters;
}

/**
 * The published form: `state` [1, S] and `actions` [n, A] give `q` [n] in the log's own unit.
 * @param parameters as trained, or int8 with scales; the same names either way
 */
export function headOnnx(
  parameters: InferenceModel['parameters'],
  config: QHeadConfig,
  unit: { offset: number; scale: number },
): Uint8Array {
  return inferenceModel({
    inputs: {
      state: { dtype: 'f32', shape: [1, config.sessionWidth + config.contextWidth] },
      actions: { dtype: 'f32', shape: ['n', config.actionWidth] },
    },
    parameters,
    build: (_, p, x) => {
      const { value, advantage } = qValues(p, config, x.state!, x.actions!);
      return { q: reshape(add(mul(add(value, advantage), unit.scale), unit.offset), ['n']) };
    },
  });
}
