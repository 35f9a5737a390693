/**
 * Published language models in our graph against the reference implementation: the tiny random BERT of test/cases/bert,
 * and all-MiniLM-L6-v2 where PROMO_EDGE_MINILM names its folder, which is then the edge encoder's teacher too. Then the
 * edge encoder by what taught it, the matcher that sees more than a cosine, and what each branch of a product's vector, the
 * order of sentences, and asking for category and relevance give. A few minutes with few steps of a small network; --full trains as `train` does, --quick
 * looks at the edge encoder alone, --part teacher at a teacher that is fine-tuned first.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBert, openBertSession } from '../../trainer-server/encoders/bert/open-bert.ts';
import { TEXT_TRAINING } from '../../trainer-server/encoders/text-options.ts';
import type { Bench, Figures } from './bench.ts';
import { branchAblation } from './encoder/branches.ts';
import { categoryObjective } from './encoder/category-objective.ts';
import { edgeEncoder, FEW_STEPS } from './encoder/edge-encoder.ts';
import { matcherQuality } from './encoder/matcher.ts';
import { pairTraining } from './encoder/pair-training.ts';
import { pictureQuality } from './encoder/pictures.ts';
import { sentenceOrder } from './encoder/pretraining.ts';
import { relevanceObjective } from './encoder/relevance-objective.ts';
import { retailBranches } from './encoder/retail-branches.ts';
import { tunedTeacher } from './encoder/tuned-teacher.ts';

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
    'published BERT checkpoints against the reference, and the edge encoder by what taught it (needs npm run build and the shared data)',
  async run(options): Promise<Figures> {
    const { full, quick, part, say } = options;
    const tiny = await compare(CASE, 'expected.json');
    say(`tiny random BERT: largest difference of a hidden state ${tiny.difference.toExponential(1)}`);
    const folder = process.env.PROMO_EDGE_MINILM;
    if (folder === undefined) say('all-MiniLM-L6-v2: left out, PROMO_EDGE_MINILM does not name its folder');
    const minilm = folder === undefined ? undefined : await compare(folder, 'minilm.json');
    if (minilm !== undefined) say(`all-MiniLM-L6-v2: ${minilm.difference.toExponential(1)}`);
    const golden: Figures = {
      golden_max_abs: tiny.difference,
      ...(minilm && { minilm_max_abs: minilm.difference, minilm_text_16_tokens_ms: minilm.ms }),
    };
    const tuned = async (): Promise<Figures> => (folder === undefined ? {} : tunedTeacher(folder, options));
    if (part?.includes('teacher')) return { ...golden, ...(await tuned()) };
    if (quick) return { ...golden, ...(await edgeEncoder(folder, options)) };
    const match = await matcherQuality();
    say(`same product by the matcher: F1 ${match.f1.toFixed(3)} (promised ${match.promised.toFixed(3)})`);
    const branches = await branchAblation(full, say);
    const pairs = await pairTraining(say);
    const pretraining = await sentenceOrder(say);
    const categories = await categoryObjective(say);
    const relevance = await relevanceObjective(say);
    const pictures = await pictureQuality(full ? TEXT_TRAINING : FEW_STEPS, say);
    const baskets = await retailBranches(full ? TEXT_TRAINING : FEW_STEPS, say);
    return {
      ...golden,
      amazon_google_f1: match.f1,
      ...branches,
      ...pairs,
      ...pretraining,
      ...categories,
      ...relevance,
      ...pictures,
      ...baskets,
      ...(await edgeEncoder(folder, options)),
      ...(await tuned()),
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
