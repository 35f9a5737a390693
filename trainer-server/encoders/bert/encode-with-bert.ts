/** Texts through a BERT encoder. */

import type { Session } from '../../graph/index.ts';
import { encodeTokens } from '../encode-tokens.ts';
import type { Bert } from './open-bert.ts';

/** Unit vectors, [texts * width]. @param session of this encoder @param longest tokens beyond which a text is cut */
export async function encodeWithBert(
  bert: Bert,
  texts: readonly string[],
  session: Session,
  longest: number,
): Promise<Float32Array> {
  const encoded = texts.map((text) => bertTokens(bert, text, longest));
  return encodeTokens(session, encoded, bert.config.width);
}

/** [CLS] words [SEP]; a text that is cut keeps its [SEP]. */
export function bertTokens({ config, tokenizer }: Bert, text: string, longest: number): Int32Array {
  const { ids } = tokenizer.encode(text);
  const most = Math.min(longest, config.length);
  return Int32Array.from(ids.length <= most ? ids : [...ids.slice(0, most - 1), ids.at(-1)!]);
}
