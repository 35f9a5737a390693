/** The text encoder for every runtime, and batches of texts through it. */

import { type TextTokenizer, textTokens } from '../../shared/features/text-tokens.ts';
import type { TextEncoderConfig } from '../../shared/models/text-encoder.ts';
import type { Tensor } from '../../shared/tensors.ts';
import { inferenceModel, type QuantizedParameter, type Session } from '../graph/index.ts';
import { textStates, textVectors } from './text-network.ts';

/** ONNX bytes: tokens [batch, time] and length [batch] to unit vectors. */
export function textOnnx(
  parameters: Record<string, Tensor<Float32Array> | QuantizedParameter>,
  config: TextEncoderConfig,
): Uint8Array {
  return inferenceModel({
    inputs: {
      tokens: { dtype: 'i32', shape: ['batch', 'time'] },
      length: { dtype: 'i32', shape: ['batch'] },
    },
    parameters,
    build: (_, p, x) => {
      const states = textStates(p, x.tokens!, x.length!, config);
      return { vector: textVectors(p, states, x.tokens!, x.length!) };
    },
  });
}

const BATCH = 64;

/** Unit vector of each text, [texts * vectorWidth]; zeros for a text without words. */
export async function encodeTexts(
  session: Session,
  config: TextEncoderConfig,
  tokenizer: TextTokenizer,
  texts: readonly string[],
): Promise<Float32Array> {
  const width = config.vectorWidth;
  const out = new Float32Array(texts.length * width);
  const encoded = texts.map((text) =>
    text.trim() === '' ? new Int32Array() : textTokens(tokenizer, text, config.length),
  );
  const order = [...encoded.keys()].filter((i) => encoded[i]!.length > 1);
  order.sort((a, b) => encoded[a]!.length - encoded[b]!.length);
  for (let from = 0; from < order.length; from += BATCH) {
    const members = order.slice(from, from + BATCH);
    const time = encoded[members.at(-1)!]!.length;
    const tokens = new Int32Array(members.length * time);
    members.forEach((i, b) => {
      tokens.set(encoded[i]!, b * time);
    });
    const { vector } = await session.run({
      tokens: { shape: [members.length, time], data: tokens },
      length: { shape: [members.length], data: Int32Array.from(members, (i) => encoded[i]!.length) },
    });
    members.forEach((i, b) => {
      out.set(vector!.data.subarray(b * width, (b + 1) * width), i * width);
    });
  }
  return out;
}
