/** Text to the text encoder's tokens, the same in the trainer and on the device. */

/** What of a tokenizer is needed; `Tokenizer` of @huggingface/tokenizers is one. */
export interface TextTokenizer {
  encode(text: string): { ids: number[] };
}

/** Text beyond this cannot reach the first 64 tokens and would only cost time. */
const LONGEST_TEXT = 1024;

/** The tokenizer would read these out of a shopper's own words as control tokens. */
const CONTROL = /<(?:pad|cls|mask|sep|prefix\d+)>/g;

/** Tokens of a text, <cls> first, at most `length`, unpadded. */
export function textTokens(tokenizer: TextTokenizer, text: string, length: number): Int32Array {
  const clean = text.slice(0, LONGEST_TEXT).replace(CONTROL, ' ');
  return Int32Array.from(tokenizer.encode(clean).ids.slice(0, length));
}
