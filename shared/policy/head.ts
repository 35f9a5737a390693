/** The Q head in plain TypeScript: what decides where nothing faster runs, and what the other tiers are held to. */

import { type QHeadConfig, qHeadShapes } from '../models/q-head.ts';
import { unpackParameter } from '../quantize.ts';
import { type Tensors, tensorOf } from '../tensors.ts';

/** The head's parameters as float32, by their short names (`s1.w`), and its unit of reward. */
export interface QHead {
  config: QHeadConfig;
  weights: Record<string, Float32Array>;
  offset: number;
  scale: number;
}

/**
 * The head out of a bundle's tensors: float32 as trained, or packed (int8 with one `.scale` a column).
 * @throws BadInput where a tensor is missing or of another shape
 */
export function readHead(tensors: Tensors, config: QHeadConfig): QHead {
  const weights: Record<string, Float32Array> = {};
  for (const [name, shape] of Object.entries(qHeadShapes(config))) {
    tensorOf(tensors, name, shape);
    weights[name.slice('head.'.length)] = unpackParameter(tensors, name).data;
  }
  const unit = tensorOf(tensors, 'head.unit', [2]).data;
  return { config, weights, offset: unit[0]!, scale: unit[1]! };
}

/**
 * Q of each promotion in the log's own unit, [count].
 * @param state [sessionWidth + contextWidth]
 * @param actions [count, actionWidth]: the eligible promotions only, since the dueling mean is taken over them
 */
export function scoreHead(
  head: QHead,
  state: Float32Array,
  actions: Float32Array,
  count: number,
): Float32Array {
  const { actionWidth, hidden } = head.config;
  const w = head.weights;
  const s = relu(dense(relu(dense(state, w['s1.w']!, w['s1.b']!)), w['s2.w']!, w['s2.b']!));
  const value = dense(s, w['v.w']!, w['v.b']!)[0]!;
  const q = new Float32Array(count);
  const joint = new Float32Array(3 * hidden);
  joint.set(s);
  let mean = 0;
  for (let i = 0; i < count; i++) {
    const action = actions.subarray(i * actionWidth, (i + 1) * actionWidth);
    const a = relu(dense(relu(dense(action, w['a1.w']!, w['a1.b']!)), w['a2.w']!, w['a2.b']!));
    joint.set(a, hidden);
    for (let k = 0; k < hidden; k++) joint[2 * hidden + k] = s[k]! * a[k]!;
    q[i] = dense(relu(dense(joint, w['j1.w']!, w['j1.b']!)), w['j2.w']!, w['j2.b']!)[0]!;
    mean += q[i]! / count;
  }
  for (let i = 0; i < count; i++) q[i] = head.offset + head.scale * (value + q[i]! - mean);
  return q;
}

/** x [in] times w [in, out] plus b [out]. Most inputs are zeros (one-hots, relu), so whole rows are skipped. */
export function dense(x: Float32Array, w: Float32Array, b: Float32Array): Float32Array {
  const width = b.length;
  const out = b.slice();
  for (let i = 0; i < x.length; i++) {
    const xi = x[i]!;
    if (xi === 0) continue;
    const row = i * width;
    for (let j = 0; j < width; j++) out[j]! += xi * w[row + j]!;
  }
  return out;
}

/** In place. */
export function relu(x: Float32Array): Float32Array {
  for (let i = 0; i < x.length; i++) if (x[i]! < 0) x[i] = 0;
  return x;
}
