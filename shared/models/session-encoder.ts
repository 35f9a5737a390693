/**
 * The session encoder: a causal transformer over a shopper's events.
 *
 *   x_t = kind + gap + price + mean of query buckets (0 excluded) + productVector * product + position
 *   per layer (pre-norm): x += out(attention(ln1 x)); x += ff2(gelu(ff1(ln2 x)))
 *   state = lnf(x) at the last token, [width]
 *
 * gelu is the tanh form; layer norm's epsilon is 1e-5; attention is causal, scaled by 1/sqrt(width/heads), so
 * tokens after the last one never matter and nothing needs a padding mask.
 * The same parameters, by these names, are trained, exported to ONNX and packed for the kernels.
 */

import { GAP_COUNT, KIND_COUNT, PRICE_COUNT, QUERY_BUCKETS } from '../features/vocabulary.ts';

export interface SessionEncoderConfig {
  layers: number;
  width: number;
  heads: number;
  /** Width of the feed-forward layer. */
  inner: number;
  /** Longest sequence. */
  length: number;
  /** Width of the product vectors. */
  productWidth: number;
}

export const SESSION_ENCODER: SessionEncoderConfig = {
  layers: 2,
  width: 64,
  heads: 2,
  inner: 192,
  length: 64,
  productWidth: 64,
};

/** Every parameter's shape, in the order of the flat parameter vector. Matrices are [in, out]. */
export function sessionEncoderShapes(config: SessionEncoderConfig): Record<string, readonly number[]> {
  const { width: d } = config;
  const shapes: Record<string, readonly number[]> = {
    'session.kind': [KIND_COUNT, d],
    'session.gap': [GAP_COUNT, d],
    'session.price': [PRICE_COUNT, d],
    'session.query': [QUERY_BUCKETS, d],
    'session.position': [config.length, d],
    'session.product': [config.productWidth, d],
  };
  for (let layer = 0; layer < config.layers; layer++) {
    Object.assign(shapes, transformerLayerShapes(`session.l${layer}`, d, config.inner));
  }
  shapes['session.lnf.g'] = [d];
  shapes['session.lnf.b'] = [d];
  return shapes;
}

/** One pre-norm transformer layer's parameters; `qkv` holds queries, keys and values side by side. */
export function transformerLayerShapes(
  prefix: string,
  d: number,
  inner: number,
): Record<string, readonly number[]> {
  return {
    [`${prefix}.ln1.g`]: [d],
    [`${prefix}.ln1.b`]: [d],
    [`${prefix}.qkv.w`]: [d, 3 * d],
    [`${prefix}.qkv.b`]: [3 * d],
    [`${prefix}.out.w`]: [d, d],
    [`${prefix}.out.b`]: [d],
    [`${prefix}.ln2.g`]: [d],
    [`${prefix}.ln2.b`]: [d],
    [`${prefix}.ff1.w`]: [d, inner],
    [`${prefix}.ff1.b`]: [inner],
    [`${prefix}.ff2.w`]: [inner, d],
    [`${prefix}.ff2.b`]: [d],
  };
}
