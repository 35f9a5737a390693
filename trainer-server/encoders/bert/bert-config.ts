/** config.json of a BERT-family checkpoint, as Hugging Face transformers writes it. */

import * as v from 'valibot';
import { BadInput } from '../../../shared/errors.ts';
import { read } from '../../../shared/read.ts';

export interface BertConfig {
  layers: number;
  width: number;
  heads: number;
  inner: number;
  /** Most tokens of a text. */
  length: number;
  vocabulary: number;
  types: number;
  /** Of the layer norms. */
  epsilon: number;
  /** `gelu` is the exact form, by the error function; `gelu_new` the tanh form. */
  activation: 'gelu' | 'gelu_new' | 'relu';
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));

const schema = v.object({
  model_type: v.literal('bert'),
  num_hidden_layers: count,
  hidden_size: count,
  num_attention_heads: count,
  intermediate_size: count,
  max_position_embeddings: count,
  vocab_size: count,
  type_vocab_size: v.optional(count, 2),
  layer_norm_eps: v.optional(v.number(), 1e-12),
  hidden_act: v.optional(v.picklist(['gelu', 'gelu_new', 'relu']), 'gelu'),
  position_embedding_type: v.optional(v.literal('absolute'), 'absolute'),
  is_decoder: v.optional(v.literal(false), false),
});

/** @throws BadInput for another architecture, or a variant whose numbers would differ */
export function readBertConfig(raw: unknown): BertConfig {
  const config = read(schema, raw);
  if (config.hidden_size % config.num_attention_heads !== 0) {
    throw new BadInput(
      { field: 'num_attention_heads' },
      `a divisor of hidden_size ${config.hidden_size}`,
      `${config.num_attention_heads}`,
    );
  }
  return {
    layers: config.num_hidden_layers,
    width: config.hidden_size,
    heads: config.num_attention_heads,
    inner: config.intermediate_size,
    length: config.max_position_embeddings,
    vocabulary: config.vocab_size,
    types: config.type_vocab_size,
    epsilon: config.layer_norm_eps,
    activation: config.hidden_act,
  };
}
