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

/** Texts encoded between two looks at the clock. */
const BLOCK = 1024;

/**
 * The same of the first texts, as many as the time allows and one block at least; zeros for the others.
 * @param deadline seconds left
 * @param told is told how many are encoded
 */
export async function encodeTextsInTime(
  session: Session,
  config: TextEncoderConfig,
  tokenizer: TextTokenizer,
  texts: readonly string[],
  deadline: () => number,
  told: (encoded: number) => void,
): Promise<Float32Array> {
  const vectors = new Float32Array(texts.length * config.vectorWidth);
  for (let from = 0; from < texts.length && (from === 0 || deadline() > 0); from += BLOCK) {
    const block = texts.slice(from, from + BLOCK);
    vectors.set(await encodeTexts(session, config, tokenizer, block), from * config.vectorWidth);
    told(from + block.length);
  }
  return vectors;
}
