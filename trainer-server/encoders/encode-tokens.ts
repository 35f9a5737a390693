/** Token sequences through an exported text encoder, in batches of like length: padding is work for nothing. */

import type { Session } from '../graph/index.ts';

const BATCH = 32;

/** @returns vectors [sequences * width]; zeros for an empty sequence */
export async function encodeTokens(
  session: Session,
  sequences: readonly Int32Array[],
  width: number,
): Promise<Float32Array> {
  const out = new Float32Array(sequences.length * width);
  const order = [...sequences.keys()].filter((i) => sequences[i]!.length > 0);
  order.sort((a, b) => sequences[a]!.length - sequences[b]!.length);
  for (let from = 0; from < order.length; from += BATCH) {
    const members = order.slice(from, from + BATCH);
    const time = sequences[members.at(-1)!]!.length;
    const tokens = new Int32Array(members.length * time);
    members.forEach((i, b) => {
      tokens.set(sequences[i]!, b * time);
    });
    const { vector } = await session.run({
      tokens: { shape: [members.length, time], data: tokens },
      length: { shape: [members.length], data: Int32Array.from(members, (i) => sequences[i]!.length) },
    });
    members.forEach((i, b) => {
      out.set(vector!.data.subarray(b * width, (b + 1) * width), i * width);
    });
  }
  return out;
}
