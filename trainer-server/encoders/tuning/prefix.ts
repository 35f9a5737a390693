/**
 * Prefix tuning at the input (Li and Liang 2021, arXiv 2101.00190, the embedding-only form of section 7.2; Lester et al.
 * 2021, arXiv 2104.08691): a few learned vectors stand between <cls> and the text, and steer what the frozen layers do
 * with it. They are exported as tokens of their own, which the tokenizer puts before every text, and as places of their
 * own, so that the text's places are those it was trained with.
 */

import type { TextEncoderConfig } from '../../../shared/models/text-encoder.ts';
import type { Tensor } from '../../../shared/tensors.ts';
import { concat } from '../../graph/index.ts';
import type { TokenizerFile } from '../tokenizer.ts';
import type { FineTuning, Parameters } from './fine-tuning.ts';

export interface PrefixOptions {
  /** Vectors before a text. */
  length: number;
  rate: number;
}

export const PREFIX: PrefixOptions = { length: 8, rate: 10 };

const [TABLE, PLACES, LEARNED] = ['text.token', 'text.position', 'text.prefix'] as const;
/** Special tokens and bytes lie before the words that were learned: a prefix begins as copies of common ones. */
const FIRST_WORD = 260;

export function prefixTuning({ length, rate }: PrefixOptions): FineTuning {
  const trains = (name: string): boolean => name === LEARNED;
  const longer = (config: TextEncoderConfig): TextEncoderConfig => ({
    ...config,
    vocabulary: config.vocabulary + length,
    length: config.length + length,
  });
  return {
    rate,
    trains,
    extended: ({ config, parameters }, random) => ({
      config: longer(config),
      parameters: {
        ...parameters,
        [PLACES]: withPlaces(parameters[PLACES]!, length),
        [LEARNED]: drawnRows(parameters[TABLE]!, length, (most) => random.int(most)),
      },
    }),
    applied: (p) => ({ ...p, [TABLE]: concat([p[TABLE]!, p[LEARNED]!], 0) }),
    merged: ({ config, parameters }) => {
      const { [LEARNED]: learned, [TABLE]: table, ...rest } = parameters as Required<Parameters>;
      const data = new Float32Array(table!.data.length + learned!.data.length);
      data.set(table!.data);
      data.set(learned!.data, table!.data.length);
      const shape = [table!.shape[0]! + length, table!.shape[1]!];
      return { config, parameters: { ...rest, [TABLE]: { shape, data } } };
    },
    tokenizer: (file) => withPrefix(file, length),
  };
}

/** Places of the prefix after that of <cls>, all zero: its vectors say where they stand. */
function withPlaces({ shape, data }: Tensor<Float32Array>, length: number): Tensor<Float32Array> {
  const [rows, width] = shape as [number, number];
  const out = new Float32Array((rows + length) * width);
  out.set(data.subarray(0, width));
  out.set(data.subarray(width), (1 + length) * width);
  return { shape: [rows + length, width], data: out };
}

/** Lester et al., section 3.2: words are a better start than noise. */
function drawnRows(
  { shape, data }: Tensor<Float32Array>,
  length: number,
  draw: (most: number) => number,
): Tensor<Float32Array> {
  const [rows, width] = shape as [number, number];
  const first = Math.min(FIRST_WORD, rows - 1);
  const out = new Float32Array(length * width);
  for (let i = 0; i < length; i++) {
    const row = first + draw(rows - first);
    out.set(data.subarray(row * width, (row + 1) * width), i * width);
  }
  return { shape: [length, width], data: out };
}

/** The tokenizer that begins every text with <cls> and the prefix. One that an earlier release had stays before it. */
function withPrefix(file: TokenizerFile, length: number): TokenizerFile {
  const size = Object.keys(file.model.vocab).length;
  const tokens = Array.from({ length }, (_, i) => ({ content: `<prefix${size + i}>`, id: size + i }));
  const vocab = Object.assign(Object.create(null), file.model.vocab) as Record<string, number>;
  for (const { content, id } of tokens) vocab[content] = id;
  const special = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  const { post_processor: processor } = file;
  const [cls, ...rest] = processor.single;
  const template = tokens.map(({ content }) => ({ SpecialToken: { id: content, type_id: 0 } }));
  return {
    ...file,
    added_tokens: [...file.added_tokens, ...tokens.map((token) => ({ ...token, ...special }))],
    post_processor: {
      ...processor,
      single: [cls!, ...template, ...rest],
      special_tokens: {
        ...processor.special_tokens,
        ...Object.fromEntries(
          tokens.map(({ content, id }) => [content, { id: content, ids: [id], tokens: [content] }]),
        ),
      },
    },
    model: { ...file.model, vocab },
  };
}
