/** The text encoder as a graph: the one definition that is trained and exported. */

import type { TextEncoderConfig } from '../../shared/models/text-encoder.ts';
import {
  add,
  cast,
  div,
  dropout,
  gather,
  iota,
  l2Normalise,
  layerNorm,
  less,
  matmul,
  mul,
  reshape,
  slice,
  sub,
  sum,
  type Value,
} from '../graph/index.ts';
import { transformerLayer } from './transformer.ts';
import { besideProduct } from './tuning/lora.ts';

/**
 * Hidden states [batch, time, width] of tokens [batch, time]; positions from `length` [batch] on are padding, which no
 * token sees. Semantics in shared/models/text-encoder.ts.
 */
export function textStates(
  p: Record<string, Value>,
  tokens: Value,
  length: Value,
  config: TextEncoderConfig,
  rate = 0,
): Value {
  const [batch, time] = tokens.shape;
  const mask = mul(sub(reshape(filled(tokens, length), [batch!, 1, 1, time!]), 1), 1e9);
  let h = add(gather(p['text.token']!, tokens), slice(p['text.position']!, 0, 0, time!));
  h = dropout(h, rate);
  for (let layer = 0; layer < config.layers; layer++) {
    h = transformerLayer(h, p, `text.l${layer}`, { heads: config.heads, mask, dropout: rate });
  }
  return layerNorm(h, p['text.lnf.g']!, p['text.lnf.b']!);
}

/** Unit vectors [batch, vectorWidth]: the mean of the projected states of the tokens that are no padding. */
export function textVectors(p: Record<string, Value>, states: Value, tokens: Value, length: Value): Value {
  const [batch, time] = tokens.shape;
  const weights = filled(tokens, length);
  const total = sum(mul(states, reshape(weights, [batch!, time!, 1])), { axes: [1] });
  const mean = div(total, sum(weights, { axes: [1], keep: true }));
  // The projection is linear, so it may follow the mean and costs one row instead of `time`.
  return l2Normalise(besideProduct(matmul(mean, p['text.project']!), mean, p, 'text.project'));
}

/** A network that makes vectors of texts, as the objectives ask for them. */
export interface TextNetwork {
  vectorWidth: number;
  /** Unit vectors [texts, vectorWidth] of tokens [texts, time]. @param rate share of values dropped, while training */
  vectors(p: Record<string, Value>, tokens: Value, length: Value, rate: number): Value;
}

export const edgeNetwork = (config: TextEncoderConfig): TextNetwork => ({
  vectorWidth: config.vectorWidth,
  vectors: (p, tokens, length, rate) =>
    textVectors(p, textStates(p, tokens, length, config, rate), tokens, length),
});

/** 1 for a token, 0 for padding, [batch, time]. */
export function filled(tokens: Value, length: Value): Value {
  const [batch, time] = tokens.shape;
  const positions = reshape(iota(tokens, time!), [1, time!]);
  return cast(less(positions, reshape(length, [batch!, 1])), 'f32');
}
