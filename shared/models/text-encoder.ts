/**
 * The text encoder: a bidirectional transformer over byte-level BPE tokens.
 *
 *   x = token + position; layers as in the session encoder but without the causal mask; h = lnf(x)
 *   vector = normalise(mean over tokens of h * project), [vectorWidth], unit length
 *
 * Token 0 is <pad>, 1 <cls> (first token of every text), 2 <mask>, 3 <sep>.
 */

import { transformerLayerShapes } from './session-encoder.ts';

export interface TextEncoderConfig {
  layers: number;
  width: number;
  heads: number;
  inner: number;
  length: number;
  vocabulary: number;
  vectorWidth: number;
}

export const TEXT_ENCODER: Omit<TextEncoderConfig, 'vocabulary'> = {
  layers: 4,
  width: 128,
  heads: 4,
  inner: 512,
  length: 64,
  vectorWidth: 64,
};

export const PAD_TOKEN = 0;
export const CLS_TOKEN = 1;
export const MASK_TOKEN = 2;
export const SEP_TOKEN = 3;

/** Every parameter's shape, in the order of the flat parameter vector. Matrices are [in, out]. */
export function textEncoderShapes(config: TextEncoderConfig): Record<string, readonly number[]> {
  const { width: d } = config;
  const shapes: Record<string, readonly number[]> = {
    'text.token': [config.vocabulary, d],
    'text.position': [config.length, d],
  };
  for (let layer = 0; layer < config.layers; layer++) {
    Object.assign(shapes, transformerLayerShapes(`text.l${layer}`, d, config.inner));
  }
  shapes['text.lnf.g'] = [d];
  shapes['text.lnf.b'] = [d];
  shapes['text.project'] = [d, config.vectorWidth];
  return shapes;
}
