/**
 * Published language models in our graph against the reference implementation: the tiny random BERT of test/cases/bert,
 * and all-MiniLM-L6-v2 where PROMO_EDGE_MINILM names its folder, which is then the edge encoder's teacher too.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBert, openBertSession } from '../../trainer-server/encoders/bert/open-bert.ts';
import type { Bench, Figures } from './bench.ts';
import { edgeEncoder } from './encoder/edge-encoder.ts';

const CASE = join(import.meta.dirname, '../cases/bert');

/** States as the reference gives them: whole, or their first and last values. */
interface Golden {
  ids: number[];
  states?: number[];
  first?: number[];
  last?: number[];
}

export const bench: Bench = {
  summary:
    'published BERT checkpoints against the reference implementation, and the edge encoder with labels, adapters and a teacher (needs npm run build and the shared data)',
  async run({ say }): Promise<Figures> {
    const tiny = await compare(CASE, 'expected.json');
    say(`tiny random BERT: largest difference of a hidden state ${tiny.difference.toExponential(1)}`);
    const folder = process.env.PROMO_EDGE_MINILM;
    if (folder === undefined) {
      say('all-MiniLM-L6-v2: left out, PROMO_EDGE_MINILM does not name its folder');
      return { golden_max_abs: tiny.difference, ...(await edgeEncoder(undefined, say)) };
    }
    const minilm = await compare(folder, 'minilm.json');
    say(`all-MiniLM-L6-v2: ${minilm.difference.toExponential(1)}`);
    return {
      golden_max_abs: tiny.difference,
      minilm_max_abs: minilm.difference,
      minilm_text_16_tokens_ms: minilm.ms,
      ...(await edgeEncoder(folder, say)),
    };
  },
};

async function compare(folder: string, file: string): Promise<{ difference: number; ms: number }> {
  const session = await openBertSession(await openBert(folder));
  const run = async (ids: readonly number[]): Promise<Float32Array> => {
    const found = await session.run({
      tokens: { shape: [1, ids.length], data: Int32Array.from(ids) },
      length: { shape: [1], data: Int32Array.of(ids.length) },
    });
    return found.states!.data;
  };
  let difference = 0;
  for (const { ids, states, first, last } of JSON.parse(readFileSync(join(CASE, file), 'utf8')) as Golden[]) {
    const found = await run(ids);
    const ends = [...found.slice(0, first?.length), ...found.slice(-(last?.length ?? 0))];
    const expected = states ?? [...first!, ...last!];
    (states === undefined ? ends : [...found]).forEach((x, i) => {
      difference = Math.max(difference, Math.abs(x - expected[i]!));
    });
  }
  const times: number[] = [];
  for (let round = 0; round < 9; round++) {
    const began = performance.now();
    await run(Array.from({ length: 16 }, (_, i) => 2 + i));
    times.push(performance.now() - began);
  }
  await session.close();
  return { difference, ms: times.sort((a, b) => a - b)[4]! };
}
