/**
 * Sentence order, beside masked words (Lan et al. 2020, ALBERT, arXiv 1909.11942, section 3.1): a text is cut between two of
 * its sentences, which a product's title, brand, attributes and those of its description are. Half of the time the parts
 * are turned round, and the first state has to tell whether they are.
 */

import { type TextTokenizer, textTokens } from '../../shared/features/text-tokens.ts';
import { SEP_TOKEN, type TextEncoderConfig } from '../../shared/models/text-encoder.ts';
import type { Random } from '../../shared/random.ts';
import { crossEntropy, linear, reshape, slice, type Value } from '../graph/index.ts';
import { HEAD } from './heads.ts';
import { initialParameters } from './transformer.ts';
import type { Parameters } from './tuning/fine-tuning.ts';

const ORDER = { weights: `${HEAD}order.w`, bias: `${HEAD}order.b` } as const;

/** The head that tells; it leaves with the pretraining. */
export const orderHead = ({ width }: TextEncoderConfig, random: Random): Parameters =>
  initialParameters({ [ORDER.weights]: [width, 2], [ORDER.bias]: [2] }, 1, random);

/**
 * Mean cross-entropy of the order, over the texts that have one; ln 2 for a head that guesses.
 * @param states [batch, time, width] @param x `turned` i32 [batch] and `cut` f32 [batch] as `OrderedTexts` gives them
 */
export function orderLoss(p: Record<string, Value>, states: Value, x: Record<string, Value>): Value {
  const [batch, , width] = states.shape as [number, number, number];
  const first = reshape(slice(states, 1, 0, 1), [batch, width]);
  return crossEntropy(linear(first, p[ORDER.weights]!, p[ORDER.bias]!), x.turned!, x.cut!);
}

export interface OrderedTexts {
  /** Of each text: <cls> part <sep> part, or <cls> text where there is nothing to turn. */
  tokens: Int32Array[];
  /** 1 where the parts stand the wrong way round, [texts]. */
  turned: Int32Array;
  /** 1 for a text of several sentences, 0 for one that has no order, [texts]. */
  cut: Float32Array;
}

/** @param time tokens of the longest; of a text that has more, the longer part is cut first */
export function orderedTexts(
  texts: readonly string[],
  time: number,
  tokenizer: TextTokenizer,
  random: Random,
): OrderedTexts {
  const turned = new Int32Array(texts.length);
  const cut = new Float32Array(texts.length);
  const tokens = texts.map((text, i) => {
    const parts = twoParts(text, random)?.map((part) => textTokens(tokenizer, part, time));
    // A part of spaces alone is nothing but its start.
    if (parts === undefined || parts.some(({ length }) => length < 2))
      return textTokens(tokenizer, text, time);
    cut[i] = 1;
    turned[i] = random.int(2);
    const [a, b] = fitted(parts as [Int32Array, Int32Array], time);
    const [before, after] = turned[i] === 1 ? [b, a] : [a, b];
    return Int32Array.of(...before, SEP_TOKEN, ...after.subarray(1));
  });
  return { tokens, turned, cut };
}

const SENTENCES = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/** A text cut between two of its sentences; undefined where it has one. */
function twoParts(text: string, random: Random): [string, string] | undefined {
  const starts = Array.from(SENTENCES.segment(text), ({ index }) => index);
  if (starts.length < 2) return undefined;
  const at = starts[1 + random.int(starts.length - 1)]!;
  // The space between them would tell which one came first.
  return [text.slice(0, at).trim(), text.slice(at).trim()];
}

/** Both parts, cut so that they have at most `time` tokens together: <sep> takes the place of the second one's start. */
function fitted([a, b]: [Int32Array, Int32Array], time: number): [Int32Array, Int32Array] {
  const first = Math.min(a.length, Math.max(Math.ceil(time / 2), time - b.length));
  return [a.subarray(0, first), b.subarray(0, time - first)];
}
