/** BERT as a graph: trained, fine-tuned and exported from this one definition. */

import {
  add,
  div,
  dropout,
  gather,
  gelu,
  geluExact,
  l2Normalise,
  layerNorm,
  mul,
  relu,
  reshape,
  slice,
  sub,
  sum,
  type Value,
} from '../../graph/index.ts';
import { filled, type TextNetwork } from '../text-network.ts';
import { attention, projected } from '../transformer.ts';
import type { BertConfig } from './bert-config.ts';

const ACTIVATIONS = { gelu: geluExact, gelu_new: gelu, relu } as const;

/**
 * Hidden states [batch, time, width] of tokens [batch, time], all of segment 0; positions from `length` [batch] on
 * are padding, which no token sees. Post-norm: x = ln(x + f(x)), Devlin et al. 2019 after Vaswani et al. 2017.
 * @param rate share of values dropped, while training
 */
export function bertStates(
  p: Record<string, Value>,
  tokens: Value,
  length: Value,
  config: BertConfig,
  rate = 0,
): Value {
  const [batch, time] = tokens.shape;
  const mask = mul(sub(reshape(filled(tokens, length), [batch!, 1, 1, time!]), 1), 1e9);
  const norm = (x: Value, name: string): Value =>
    layerNorm(x, p[`${name}.g`]!, p[`${name}.b`]!, config.epsilon);
  const places = add(slice(p['bert.position']!, 0, 0, time!), slice(p['bert.type']!, 0, 0, 1));
  let h = dropout(norm(add(gather(p['bert.token']!, tokens), places), 'bert.ln0'), rate);
  for (let i = 0; i < config.layers; i++) {
    const of = (x: Value, name: string): Value => projected(x, p, `bert.l${i}.${name}`);
    const attended = attention(of(h, 'qkv'), { heads: config.heads, mask });
    h = norm(add(h, dropout(of(attended, 'out'), rate)), `bert.l${i}.ln1`);
    const inner = ACTIVATIONS[config.activation](of(h, 'ff1'));
    h = norm(add(h, dropout(of(inner, 'ff2'), rate)), `bert.l${i}.ln2`);
  }
  return h;
}

/** Which state is a text's vector: that of the first token, [CLS], or the mean of all. */
export type Pooling = 'first' | 'mean';

/** Unit vectors [batch, width]: the first state, or the mean of those that are no padding, as sentence-transformers pools. */
export function bertVectors(states: Value, tokens: Value, length: Value, pooling: Pooling): Value {
  const [batch, time, width] = states.shape;
  if (pooling === 'first') return l2Normalise(reshape(slice(states, 1, 0, 1), [batch!, width!]));
  const weights = filled(tokens, length);
  const total = sum(mul(states, reshape(weights, [batch!, time!, 1])), { axes: [1] });
  return l2Normalise(div(total, sum(weights, { axes: [1], keep: true })));
}

export const bertNetwork = (config: BertConfig, pooling: Pooling): TextNetwork => ({
  vectorWidth: config.width,
  vectors: (p, tokens, length, rate) =>
    bertVectors(bertStates(p, tokens, length, config, rate), tokens, length, pooling),
});
