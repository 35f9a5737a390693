/** The session encoder's training program: full cross-entropy over the catalogue, table tied at both ends. */

import { QUERY_SLOTS } from '../../shared/features/vocabulary.ts';
import { type SessionEncoderConfig, sessionEncoderShapes } from '../../shared/models/session-encoder.ts';
import type { Random } from '../../shared/random.ts';
import type { Tensor } from '../../shared/tensors.ts';
import {
  add,
  crossEntropy,
  gather,
  type InputSpec,
  matmul,
  mul,
  type Program,
  reshape,
  sub,
  type Value,
} from '../graph/index.ts';
import type { BatchShape } from './session-examples.ts';
import { sessionStates } from './session-network.ts';
import type { SessionTrainingOptions } from './session-options.ts';
import { initialParameters } from './transformer.ts';

/** The fixed part of the table, from content; and what behaviour adds to it, which decays to nothing. */
export const CONTENT = 'products.content';
export const LEARNED = 'products.learned';

/** An earlier release to go on from. */
export interface SessionStart {
  parameters: Record<string, Tensor<Float32Array>>;
  vectorOf(sku: string): Float32Array | undefined;
}

export interface SessionModelOptions extends SessionTrainingOptions {
  config: SessionEncoderConfig;
  products: number;
  /** Whether any history holds a search. */
  queries: boolean;
  /** Products scored a batch: all of them, or a sample. */
  scored: number;
}

/**
 * A product's vector is its content vector plus a learned difference that starts at zero and decays: a product that
 * nobody touched keeps its content vector, so a new one is served without retraining.
 */
export function sessionParameters(
  config: SessionEncoderConfig,
  content: Float32Array,
  random: Random,
  start?: SessionStart,
  skus: readonly string[] = [],
): Record<string, Tensor<Float32Array>> {
  const shape = [content.length / config.productWidth, config.productWidth];
  const learned = new Float32Array(content.length);
  if (start !== undefined) {
    skus.forEach((sku, row) => {
      start.vectorOf(sku)?.forEach((x, i) => {
        const at = row * config.productWidth + i;
        learned[at] = x - content[at]!;
      });
    });
    return { ...start.parameters, [CONTENT]: { shape, data: content }, [LEARNED]: { shape, data: learned } };
  }
  const parameters = initialParameters(sessionEncoderShapes(config), config.layers, random);
  // Product vectors have unit length where embeddings have about 0.16, so the map between them starts as the identity
  // (or its top) scaled down and not as noise.
  const map = parameters['session.product']!.data;
  map.fill(0);
  for (let i = 0; i < Math.min(config.productWidth, config.width); i++) map[i * config.width + i] = 0.5;
  return {
    ...parameters,
    [CONTENT]: { shape, data: content },
    [LEARNED]: { shape, data: learned },
  };
}

/** The program of one batch shape. All shapes share their parameters. */
export function sessionProgram(
  shape: BatchShape,
  parameters: Record<string, Tensor<Float32Array>>,
  options: SessionModelOptions,
  seed: string,
): Program {
  const { batch, time, asked } = shape;
  const { config, queries, scored, products } = options;
  const tokens: InputSpec = { dtype: 'i32', shape: [batch, time] };
  const sampled = scored < products;
  return {
    parameters,
    frozen: [CONTENT],
    inputs: {
      kind: tokens,
      gap: tokens,
      price: tokens,
      ...(queries ? { query: { dtype: 'i32', shape: [batch, time, QUERY_SLOTS] } as const } : {}),
      row: tokens,
      known: { dtype: 'f32', shape: [batch, time] },
      place: { dtype: 'i32', shape: [asked] },
      target: { dtype: 'i32', shape: [asked] },
      weight: { dtype: 'f32', shape: [asked] },
      ...(sampled ? sampledInputs(scored) : {}),
    },
    loss(_, p, x) {
      const table = add(p[CONTENT]!, p[LEARNED]!);
      const product = mul(gather(table, x.row!), reshape(x.known!, [batch, time, 1]));
      const tokensOf = { kind: x.kind!, gap: x.gap!, price: x.price!, product };
      const query = queries ? { query: x.query! } : {};
      const states = sessionStates(p, { ...tokensOf, ...query }, config, options.dropout);
      const asking = gather(reshape(states, [batch * time, config.width]), x.place!);
      const rows = sampled ? gather(table, x.candidates!) : table;
      const scores = matmul(asking, rows, { transposeB: true });
      return { loss: crossEntropy(sampled ? corrected(scores, x) : scores, x.target!, x.weight!) };
    },
    optimiser: {
      weightDecay: options.weightDecay,
      decays: (name, dims) => dims.length > 1 && !name.endsWith('position'),
    },
    dropoutSeed: seed,
  };
}

const sampledInputs = (scored: number): Record<string, InputSpec> => ({
  candidates: { dtype: 'i32', shape: [scored] },
  chance: { dtype: 'f32', shape: [scored] },
});

/** Each candidate's score less the log of its chance to be one (Bengio and Senecal 2008; Jean et al. 2015, 1412.2007). */
function corrected(scores: Value, x: Record<string, Value>): Value {
  return sub(scores, x.chance!);
}
