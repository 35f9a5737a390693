/** Texts through a BERT encoder. */

import type { Session } from '../../graph/index.ts';
import type { Bert } from './open-bert.ts';

const BATCH = 32;

/** Tokens of a text beyond which it is cut, as sentence-transformers publishes its small models. */
const LONGEST = 128;

/** Unit vectors, [texts * width]: the mean over a text's tokens. @param session of this encoder */
export async function encodeWithBert(
  bert: Bert,
  texts: readonly string[],
  session: Session,
): Promise<Float32Array> {
  const { width } = bert.config;
  const encoded = texts.map((text) => bertTokens(bert, text, LONGEST));
  const order = [...encoded.keys()].sort((a, b) => encoded[a]!.length - encoded[b]!.length);
  const out = new Float32Array(texts.length * width);
  for (let from = 0; from < order.length; from += BATCH) {
    const members = order.slice(from, from + BATCH);
    const time = encoded[members.at(-1)!]!.length;
    const tokens = new Int32Array(members.length * time);
    members.forEach((i, b) => {
      tokens.set(encoded[i]!, b * time);
    });
    const { vector } = await session.run({
      tokens: { shape: [members.length, time], data: tokens },
      length: { shape: [members.length], data: Int32Array.from(members, (i) => encoded[i]!.length) },
    });
    members.forEach((i, b) => {
      out.set(vector!.data.subarray(b * width, (b + 1) * width), i * width);
    });
  }
  return out;
}

/** [CLS] words [SEP]; a text that is cut keeps its [SEP]. */
export function bertTokens({ config, tokenizer }: Bert, text: string, longest: number): Int32Array {
  const { ids } = tokenizer.encode(text);
  const most = Math.min(longest, config.length);
  return Int32Array.from(ids.length <= most ? ids : [...ids.slice(0, most - 1), ids.at(-1)!]);
}
