/**
 * Fine-tunes a published model on a shop's own pairs before it teaches, little beside its values: texts that belong together
 * against the others of a batch, and labelled pairs in between. Partners of held-out products judge it: a model that does
 * not find them clearly better than before stays as it was published.
 */

import { startTraining, type Training } from '../../graph/index.ts';
import { shareOf } from '../../share-of.ts';
import type { TrainingOptions } from '../../training-options.ts';
import type { BertConfig } from '../bert/bert-config.ts';
import { bertNetwork } from '../bert/bert-network.ts';
import { bertTokens } from '../bert/encode-with-bert.ts';
import type { Bert } from '../bert/open-bert.ts';
import { commonLength, padded } from '../draw.ts';
import { runCourse } from '../run-course.ts';
import { bothLabels, fromPairs, labelBatches } from '../text-courses.ts';
import { contrastiveProgram, labelProgram } from '../text-programs.ts';
import { type FineTuning, type Parameters, trainedShare, tuned } from '../tuning/fine-tuning.ts';
import { type HeldOutPairs, type PairData, reciprocalRanks, splitPairs } from './held-out-pairs.ts';
import type { BertCheckpoint } from './teacher.ts';
import { TEACHER_TRAINING, type TeacherTraining } from './tuning-options.ts';

export interface TunedTeacher {
  /** Merged into plain values; absent where the published ones are no worse. */
  checkpoint?: BertCheckpoint;
  report: Record<string, number>;
}

/** @param data with the number of products in the catalogue, which sets how many steps there are */
export async function tuneTeacher(
  { bert, pooling }: BertCheckpoint,
  data: PairData & { products: number },
  tuning: FineTuning<BertConfig>,
  options: TrainingOptions,
  settings: TeacherTraining = TEACHER_TRAINING,
): Promise<TunedTeacher> {
  const deadline = shareOf(options.deadline, settings.share);
  const random = options.random.fork('teacher tuning');
  const { learned, heldOut } = splitPairs(data, settings.heldOut, random.fork('held out'));
  const asked = heldOut.pairs.length;
  if (asked < settings.heldOut.least) {
    const why = `${asked} held-out pairs are too few to judge by, ${settings.heldOut.least} are needed`;
    options.progress.say(`  teacher: as published; ${why}`);
    return { report: { teacherTuned: 0 } };
  }
  const start = tuning.extended(bert, random.fork('adapters'));
  const time = commonTime(bert, heldOut, settings.contrastive.length);
  const tokenizer = { encode: (text: string) => ({ ids: [...bertTokens(bert, text, time)] }) };
  const network = bertNetwork(start.config, pooling);
  const labels = bothLabels(learned.labelled);
  const opening = options.progress.stage('teacher, as published');
  const training = await startTraining(
    {
      contrastive: tuned(contrastiveProgram(start.parameters, network, time, settings, true), tuning),
      ...(labels && { labels: tuned(labelProgram(start.parameters, network, time, settings), tuning) }),
    },
    { device: options.device, signal: options.signal },
  );
  try {
    const block = 2 * settings.contrastive.batch;
    const texts = [...heldOut.pairs.map(({ a }) => a), ...heldOut.pairs.map(({ b }) => b), ...heldOut.others];
    const ranks = async (): Promise<number[]> => {
      const vectors = await vectorsOf(training, texts, block, (some) => padded(some, tokenizer, time));
      return reciprocalRanks(vectors, network.vectorWidth, asked);
    };
    const published = await ranks();
    opening.end(`${asked} held-out partners found at a reciprocal rank of ${mean(published).toFixed(3)}`);

    let best: { ranks: number[]; parameters?: Parameters } = { ranks: published };
    let looksWithoutGain = 0;
    const look = async (): Promise<boolean> => {
      const now = await ranks();
      if (mean(now) > mean(best.ranks)) {
        best = { ranks: now, parameters: await training.parameters() };
        looksWithoutGain = 0;
      } else looksWithoutGain++;
      return looksWithoutGain < settings.check.patience;
    };
    const pairs = fromPairs(
      { sources: learned.sources, tokenizer, products: data.products },
      time,
      deadline(),
      { random },
      settings,
    );
    const batch = labels && labelBatches(learned.labelled, tokenizer, time, random.fork('labels'), settings);
    const course = {
      ...pairs,
      rate: pairs.rate * tuning.rate,
      beside: batch ? [{ program: 'labels', every: 1, batch }] : [],
      check: { every: settings.check.every, goesOn: look },
    };
    const losses = await runCourse(training, 'teacher', course, { ...options, deadline }, settings);
    await look();

    const { gain, error } = pairedGain(best.ranks, published);
    const better = best.parameters !== undefined && gain > error;
    const share = trainedShare(start.parameters, tuning);
    options.progress.say(
      `  teacher: ${better ? 'tuned' : 'kept as published'}; by ${(100 * share).toFixed(1)} % of its values held-out partners were found at a reciprocal rank of ${mean(best.ranks).toFixed(3)}, a gain of ${gain.toFixed(3)} (standard error ${error.toFixed(3)})`,
    );
    const report = {
      teacherTuned: Number(better),
      teacherTunedShare: share,
      teacherRankPublished: mean(published),
      teacherRank: mean(best.ranks),
      teacherLoss: losses.contrastiveLoss!,
      ...(losses.labelsLoss !== undefined && { teacherLabelsLoss: losses.labelsLoss }),
    };
    if (!better) return { report };
    const merged = tuning.merged({ config: start.config, parameters: best.parameters! });
    return { checkpoint: { bert: { ...bert, ...merged }, pooling }, report };
  } finally {
    await training.close();
  }
}

/** Tokens that most of the texts need. */
function commonTime(bert: Bert, { pairs, others }: HeldOutPairs, longest: number): number {
  const most = Math.min(longest, bert.config.length);
  const texts = [...pairs.flatMap(({ a, b }) => [a, b]), ...others];
  return commonLength(Int32Array.from(texts, (text) => bertTokens(bert, text, most).length).sort(), most);
}

/** What the network in training makes of texts, [texts, width]. @param block texts that its program reads at once */
async function vectorsOf(
  training: Pick<Training, 'evaluate'>,
  texts: readonly string[],
  block: number,
  feedsOf: (texts: readonly string[]) => ReturnType<typeof padded>,
): Promise<Float32Array> {
  const found: Float32Array[] = [];
  for (let from = 0; from < texts.length; from += block) {
    const some = Array.from({ length: block }, (_, i) => texts[from + i] ?? '');
    found.push((await training.evaluate({ ...feedsOf(some) }, 'contrastive')).outputs.vectors!);
  }
  const width = found[0]!.length / block;
  const out = new Float32Array(found.length * block * width);
  found.forEach((vectors, i) => {
    out.set(vectors, i * block * width);
  });
  return out.subarray(0, texts.length * width);
}

/** Mean difference and its standard error over the pairs. */
function pairedGain(now: readonly number[], before: readonly number[]): { gain: number; error: number } {
  const gains = now.map((x, i) => x - before[i]!);
  const gain = mean(gains);
  return { gain, error: Math.sqrt(mean(gains.map((x) => (x - gain) ** 2)) / gains.length) };
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
