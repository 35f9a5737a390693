/** What a step of training reads: which of many, and their tokens. */

import { type TextTokenizer, textTokens } from '../../shared/features/text-tokens.ts';
import { type Random, shuffle } from '../../shared/random.ts';

/** All of `count` in random order, `batch` at a time, over and over. */
export function inTurn(count: number, batch: number, random: Random): () => number[] {
  let order: number[] = [];
  return () => {
    while (order.length < batch) order = order.concat(shuffle([...Array(count).keys()], random));
    return order.splice(0, batch);
  };
}

/** Texts as [texts, time] tokens, cut or padded. */
export function padded(
  texts: readonly string[],
  tokenizer: TextTokenizer,
  time: number,
): { tokens: Int32Array; length: Int32Array } {
  const tokens = new Int32Array(texts.length * time);
  const length = new Int32Array(texts.length);
  texts.forEach((text, b) => {
    const own = textTokens(tokenizer, text, time);
    tokens.set(own, b * time);
    length[b] = own.length;
  });
  return { tokens, length };
}

/** Most texts fit this many tokens; the few longer ones lose their end while training. @param lengths ascending */
export function commonLength(lengths: Int32Array, longest: number): number {
  const common = lengths[Math.floor(lengths.length * 0.9)]!;
  return [8, 12, 16, 24, 32, 48].find((length) => common <= length && length < longest) ?? longest;
}
