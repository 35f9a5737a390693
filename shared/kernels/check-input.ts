/** What every engine refuses to run, since an index beyond a table would read other memory. */

import { BadInput } from '../errors.ts';
import type { SessionInput } from '../features/sequence.ts';
import { GAP_COUNT, KIND_COUNT, PRICE_COUNT, QUERY_BUCKETS, QUERY_SLOTS } from '../features/vocabulary.ts';
import type { QHeadConfig } from '../models/q-head.ts';
import type { SessionEncoderConfig } from '../models/session-encoder.ts';

/** @throws BadInput for a session beyond the encoder's length, and for symbols beyond the vocabulary */
export function checkInput(input: SessionInput, { length }: SessionEncoderConfig): void {
  if (!(input.length <= length)) {
    throw new BadInput({ field: 'session' }, `at most ${length} tokens`, `${input.length}`);
  }
  checkSymbols('kind', input.kind, input.length, KIND_COUNT);
  checkSymbols('gap', input.gap, input.length, GAP_COUNT);
  checkSymbols('price', input.price, input.length, PRICE_COUNT);
  checkSymbols('query', input.query, input.length * QUERY_SLOTS, QUERY_BUCKETS);
}

/** @throws BadInput for a state or actions of another width than the head's */
export function checkScore(
  config: QHeadConfig | undefined,
  state: Float32Array,
  actions: Float32Array,
  count: number,
): void {
  if (config === undefined) throw new BadInput({ field: 'head' }, 'a bundle with a Q head', 'none');
  checkLength('state', state.length, config.sessionWidth + config.contextWidth);
  checkLength('actions', actions.length, count * config.actionWidth);
}

/** @throws BadInput for tokens beyond the vocabulary */
export function checkTokens(tokens: Int32Array, vocabulary: number): void {
  checkSymbols('token', tokens, tokens.length, vocabulary);
}

function checkSymbols(field: string, values: Int32Array, length: number, count: number): void {
  checkLength(field, Math.min(values.length, length), length);
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    if (value < 0 || value >= count) throw new BadInput({ field }, `a number below ${count}`, `${value}`);
  }
}

function checkLength(field: string, found: number, expected: number): void {
  if (found !== expected) throw new BadInput({ field }, `${expected} numbers`, `${found}`);
}
