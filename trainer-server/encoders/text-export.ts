/** The text encoder for every runtime, and batches of texts through it. */

import { type TextTokenizer, textTokens } from '../../shared/features/text-tokens.ts';
import type { TextEncoderConfig } from '../../shared/models/text-encoder.ts';
import type { Tensor } from '../../shared/tensors.ts';
import { inferenceModel, type QuantizedParameter, type Session } from '../graph/index.ts';
import { encodeTokens } from './encode-tokens.ts';
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

/** Unit vector of each text, [texts * vectorWidth]; zeros for a text without words. */
export async function encodeTexts(
  session: Session,
  config: TextEncoderConfig,
  tokenizer: TextTokenizer,
  texts: readonly string[],
): Promise<Float32Array> {
  const encoded = texts.map((text) =>
    text.trim() === '' ? new Int32Array() : textTokens(tokenizer, text, config.length),
  );
  // A start alone says nothing: such a text stays at zeros.
  return encodeTokens(
    session,
    encoded.map((tokens) => (tokens.length > 1 ? tokens : new Int32Array())),
    config.vectorWidth,
  );
}
