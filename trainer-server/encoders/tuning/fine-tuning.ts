/**
 * What a way of fine-tuning is that trains little beside an encoder whose own values stay as they are. What is trained is
 * worked into the plain network before export, so that a device runs the same graph, whatever taught it.
 */

import type { TextEncoderConfig } from '../../../shared/models/text-encoder.ts';
import type { Random } from '../../../shared/random.ts';
import type { Tensor } from '../../../shared/tensors.ts';
import type { Program, Value } from '../../graph/index.ts';
import { isHead } from '../heads.ts';
import type { TokenizerFile } from '../tokenizer.ts';

export type Parameters = Record<string, Tensor<Float32Array>>;

/** A network's sizes and values. */
export interface Weights<Config> {
  config: Config;
  parameters: Parameters;
}

export type TextWeights = Weights<TextEncoderConfig>;

/** What is asked of a network's sizes by what adapts any: layers with `inner` values, the same in each. */
export interface Layered {
  inner: number;
}

/** Over parameters of layers named as transformer.ts names them: `.qkv.w`, `.out.w`, `.ff1.w`, `.ff2.w`, matrices [in, out]. */
export interface FineTuning<Config = TextEncoderConfig> {
  /** Learning rate as a multiple of full training's: few values that start at nothing need more. */
  rate: number;
  /** The weights with what is trained beside them. */
  extended(weights: Weights<Config>, random: Random): Weights<Config>;
  /** Whether a parameter of the extended weights is one of those that are trained. */
  trains(name: string): boolean;
  /** What the network reads in a graph over extended weights: its plain values, and what layers add to them (lora.ts). */
  applied(p: Record<string, Value>): Record<string, Value>;
  /** Plain weights that compute the same. */
  merged(weights: Weights<Config>): Weights<Config>;
  /** The tokenizer that goes with the extended and with the merged weights; the same where absent. */
  tokenizer?(file: TokenizerFile): TokenizerFile;
  /** Fewer values to train, once it shows which matter; asked once, after the first stage of training. */
  narrowed?(parameters: Parameters): Parameters;
}

/** The same program, training only what the fine-tuning added, and heads. Its parameters must be extended ones. */
export const tuned = (program: Program, tuning: Pick<FineTuning, 'trains' | 'applied'>): Program => ({
  ...program,
  frozen: Object.keys(program.parameters).filter((name) => !tuning.trains(name) && !isHead(name)),
  loss: (g, p, x) => program.loss(g, tuning.applied(p), x),
});

/** Trained values as a share of all the others. */
export function trainedShare(parameters: Parameters, { trains }: Pick<FineTuning, 'trains'>): number {
  let [trained, others] = [0, 0];
  for (const [name, { data }] of Object.entries(parameters)) {
    if (trains(name)) trained += data.length;
    else others += data.length;
  }
  return trained / others;
}

/** Values drawn from N(0, 1 / fan-in), [from, to]. */
export function randomMatrix(from: number, to: number, random: Random): Tensor<Float32Array> {
  const data = Float32Array.from({ length: from * to }, () => random.normal() / Math.sqrt(from));
  return { shape: [from, to], data };
}

export const zeroMatrix = (from: number, to: number): Tensor<Float32Array> => ({
  shape: [from, to],
  data: new Float32Array(from * to),
});
