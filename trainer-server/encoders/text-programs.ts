/** The text encoder's training programs, and the batches of the first. */

import {
  CLS_TOKEN,
  MASK_TOKEN,
  SEP_TOKEN,
  type TextEncoderConfig,
} from '../../shared/models/text-encoder.ts';
import { type Random, shuffle } from '../../shared/random.ts';
import {
  add,
  concat,
  contrastive,
  crossEntropy,
  gather,
  matmul,
  mean,
  mul,
  type Program,
  reshape,
  slice,
  sub,
  sum,
  type Value,
} from '../graph/index.ts';
import { nestedLoss } from './nested-loss.ts';
import { orderLoss } from './sentence-order.ts';
import { type TextNetwork, textStates, textVectors } from './text-network.ts';
import type { TextTrainingOptions } from './text-options.ts';

/**
 * Masked language modelling: the scores are the states against the token table (tied weights).
 * @param head with it, the order of sentences is learned too, and the batches tell it: sentence-order.ts
 */
export function maskedProgram(
  parameters: Program['parameters'],
  config: TextEncoderConfig,
  time: number,
  settings: TextTrainingOptions,
  head?: Program['parameters'],
): Program {
  const { batch, masked, order } = settings.pretraining;
  const asked = Math.ceil(batch * time * masked);
  return {
    parameters: { ...parameters, ...head },
    inputs: {
      tokens: { dtype: 'i32', shape: [batch, time] },
      length: { dtype: 'i32', shape: [batch] },
      place: { dtype: 'i32', shape: [asked] },
      target: { dtype: 'i32', shape: [asked] },
      weight: { dtype: 'f32', shape: [asked] },
      ...(head && { turned: { dtype: 'i32', shape: [batch] }, cut: { dtype: 'f32', shape: [batch] } }),
    },
    loss(_, p, x) {
      const states = textStates(p, x.tokens!, x.length!, config, settings.dropout);
      const asking = gather(reshape(states, [batch * time, config.width]), x.place!);
      const scores = matmul(asking, p['text.token']!, { transposeB: true });
      const words = crossEntropy(scores, x.target!, x.weight!);
      if (head === undefined) return { loss: words };
      const told = orderLoss(p, states, x);
      return { loss: add(words, mul(told, order)), outputs: { order: told } };
    },
    optimiser: { weightDecay: settings.weightDecay },
    dropoutSeed: 'masked',
  };
}

/** Distillation: one less the cosine with what the teacher says, `target` [batch, vectorWidth]. */
export function distilProgram(
  parameters: Program['parameters'],
  config: TextEncoderConfig,
  time: number,
  settings: TextTrainingOptions,
): Program {
  const { batch } = settings.distillation;
  return {
    parameters,
    inputs: {
      tokens: { dtype: 'i32', shape: [batch, time] },
      length: { dtype: 'i32', shape: [batch] },
      target: { dtype: 'f32', shape: [batch, config.vectorWidth] },
    },
    loss(_, p, x) {
      const states = textStates(p, x.tokens!, x.length!, config, settings.dropout);
      const vectors = textVectors(p, states, x.tokens!, x.length!);
      const away = (prefix: (vectors: Value) => Value): Value =>
        sub(1, mean(sum(mul(prefix(vectors), prefix(x.target!)), { axes: [-1] })));
      return { loss: nestedLoss(settings, config, away) };
    },
    optimiser: { weightDecay: settings.weightDecay },
    dropoutSeed: 'distillation',
  };
}

type Common = 'nestedWidths' | 'dropout' | 'weightDecay';
export type PairTraining = Pick<TextTrainingOptions, Common | 'contrastive'>;
export type LabelTraining = Pick<TextTrainingOptions, Common | 'labels'>;

/**
 * InfoNCE with in-batch negatives: the first half of a batch against the second.
 * @param tells the batch's `vectors` as an output; neighbours are looked for by them (hard-negatives.ts)
 */
export function contrastiveProgram(
  parameters: Program['parameters'],
  network: TextNetwork,
  time: number,
  settings: PairTraining,
  tells = settings.contrastive.negatives.neighbours > 0,
): Program {
  const { batch, temperature } = settings.contrastive;
  return {
    parameters,
    inputs: {
      tokens: { dtype: 'i32', shape: [2 * batch, time] },
      length: { dtype: 'i32', shape: [2 * batch] },
    },
    loss(_, p, x) {
      const vectors = network.vectors(p, x.tokens!, x.length!, settings.dropout);
      const [a, b] = [slice(vectors, 0, 0, batch), slice(vectors, 0, batch, 2 * batch)];
      return {
        loss: nestedLoss(settings, network, (prefix) => contrastive(prefix(a), prefix(b), temperature)),
        ...(tells && { outputs: { vectors } }),
      };
    },
    optimiser: { weightDecay: settings.weightDecay },
    dropoutSeed: 'contrastive',
  };
}

/** One product or not: the logistic loss of the cosine of both vectors. */
export function labelProgram(
  parameters: Program['parameters'],
  network: TextNetwork,
  time: number,
  settings: LabelTraining,
): Program {
  const { batch, sharpness } = settings.labels;
  return {
    parameters,
    inputs: {
      tokens: { dtype: 'i32', shape: [2 * batch, time] },
      length: { dtype: 'i32', shape: [2 * batch] },
      label: { dtype: 'i32', shape: [batch] },
    },
    loss(_, p, x) {
      const vectors = network.vectors(p, x.tokens!, x.length!, settings.dropout);
      const [a, b] = [slice(vectors, 0, 0, batch), slice(vectors, 0, batch, 2 * batch)];
      const wrong = (prefix: (vectors: Value) => Value): Value => {
        const cosine = sum(mul(prefix(a), prefix(b)), { axes: [-1], keep: true });
        const logit = mul(sub(cosine, 0.5), sharpness);
        return crossEntropy(concat([mul(logit, 0), logit], 1), x.label!);
      };
      return { loss: nestedLoss(settings, network, wrong) };
    },
    optimiser: { weightDecay: settings.weightDecay },
    dropoutSeed: 'labels',
  };
}

export interface MaskedBatch extends Record<string, Int32Array | Float32Array> {
  tokens: Int32Array;
  length: Int32Array;
  /** Places of the predicted tokens in the flattened [texts * time]. */
  place: Int32Array;
  /** What stood there. */
  target: Int32Array;
  /** 1 for a prediction, 0 for filling. */
  weight: Float32Array;
}

/** Tokens that say where a text and its parts begin, and nothing else. */
const UNASKED: ReadonlySet<number> = new Set([CLS_TOKEN, SEP_TOKEN]);

/** Of the tokens to predict 80 % are masked, 10 % replaced and 10 % left (Devlin et al. 2019, section 3.1). */
export function maskedBatch(
  texts: readonly Int32Array[],
  time: number,
  share: number,
  vocabulary: number,
  random: Random,
): MaskedBatch {
  const asked = Math.ceil(texts.length * time * share);
  const tokens = new Int32Array(texts.length * time);
  texts.forEach((text, b) => {
    tokens.set(text, b * time);
  });
  const places = texts.flatMap((text, b) =>
    Array.from(text, (token, t) => (UNASKED.has(token) ? -1 : b * time + t)).filter((at) => at >= 0),
  );
  const wanted = Math.min(asked, Math.max(1, Math.round(places.length * share)));
  const chosen = shuffle(places, random).slice(0, wanted);
  const place = new Int32Array(asked);
  const target = new Int32Array(asked);
  const weight = new Float32Array(asked);
  chosen.forEach((at, i) => {
    place[i] = at;
    target[i] = tokens[at]!;
    weight[i] = 1;
  });
  for (const at of chosen) {
    const draw = random.next();
    if (draw < 0.8) tokens[at] = MASK_TOKEN;
    else if (draw < 0.9) tokens[at] = 4 + random.int(vocabulary - 4);
  }
  return { tokens, length: Int32Array.from(texts, ({ length }) => length), place, target, weight };
}
