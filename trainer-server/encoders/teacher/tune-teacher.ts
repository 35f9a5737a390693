/**
 * Fine-tunes a published model on a shop's own pairs before it teaches, little beside its values: texts that belong together
 * against the others of a batch, and labelled pairs in between. Partners of held-out products judge it: a model that does
 * not find them clearly better than before stays as it was published.
 */

import type { TextTokenizer } from '../../../shared/features/text-tokens.ts';
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
import { type FineTuning, trainedShare, tuned } from '../tuning/fine-tuning.ts';
import { HeldOutJudge, type Verdict } from './held-out-judge.ts';
import { type HeldOutPairs, type PairData, splitPairs } from './held-out-pairs.ts';
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
  const untuned = (why: string): TunedTeacher => {
    options.progress.say(`  teacher: as published; ${why}`);
    return { report: { teacherTuned: 0 } };
  };
  if (asked < settings.heldOut.least)
    return untuned(`${asked} held-out pairs are too few to judge by, ${settings.heldOut.least} are needed`);
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
    const before = deadline();
    const judge = await HeldOutJudge.open(heldOut, {
      encode: (texts) => encodeInTraining(training, texts, tokenizer, time, settings),
      parameters: () => training.parameters(),
    });
    const looking = Number.isFinite(before) ? before - deadline() : 0;
    opening.end(`${asked} held-out partners at a reciprocal rank of ${judge.verdict().published.toFixed(3)}`);
    if (deadline() < 2 * looking) return untuned('no time is left to tune it and to judge that');

    const { sources, labelled } = learned;
    const pairs = fromPairs(
      { sources, tokenizer, products: data.products },
      time,
      deadline() - looking,
      { random },
      settings,
    );
    const batch = labels && labelBatches(labelled, tokenizer, time, random.fork('labels'), settings);
    const { every, patience } = settings.check;
    const course = {
      ...pairs,
      rate: pairs.rate * tuning.rate,
      beside: batch ? [{ program: 'labels', every: 1, batch }] : [],
      check: { every, goesOn: async () => (await judge.look()) < patience },
    };
    const losses = await runCourse(training, 'teacher', course, { ...options, deadline }, settings);
    await judge.look();

    const verdict = judge.verdict();
    const share = trainedShare(start.parameters, tuning);
    options.progress.say(`  teacher: ${toldVerdict(verdict, share)}`);
    const { parameters, ...measured } = verdict;
    const report = { ...reported(measured, losses), teacherTunedShare: share };
    if (parameters === undefined) return { report: { ...report, teacherTuned: 0 } };
    const merged = tuning.merged({ config: start.config, parameters });
    return {
      checkpoint: { bert: { ...bert, ...merged }, pooling },
      report: { ...report, teacherTuned: 1 },
    };
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

/** What the network in training makes of texts, [texts, width], as many at once as its program reads. */
async function encodeInTraining(
  training: Pick<Training, 'evaluate'>,
  texts: readonly string[],
  tokenizer: TextTokenizer,
  time: number,
  { contrastive }: Pick<TeacherTraining, 'contrastive'>,
): Promise<Float32Array> {
  const block = 2 * contrastive.batch;
  let out = new Float32Array();
  for (let from = 0; from < texts.length; from += block) {
    const some = Array.from({ length: block }, (_, i) => texts[from + i] ?? '');
    const feeds = { ...padded(some, tokenizer, time) };
    const vectors = (await training.evaluate(feeds, 'contrastive')).outputs.vectors!;
    const width = vectors.length / block;
    if (from === 0) out = new Float32Array(texts.length * width);
    out.set(vectors.subarray(0, (texts.length - from) * width), from * width);
  }
  return out;
}

function toldVerdict({ published, best, error, parameters }: Verdict, share: number): string {
  const what = parameters === undefined ? 'kept as published' : 'tuned';
  const ranks = `held-out partners at a reciprocal rank of ${best.toFixed(3)}, as published ${published.toFixed(3)}`;
  return `${what}; ${(100 * share).toFixed(1)} % of its values trained, ${ranks} (standard error of the gain ${error.toFixed(3)})`;
}

const reported = (
  { published, best }: Pick<Verdict, 'published' | 'best'>,
  { contrastiveLoss, labelsLoss }: Record<string, number>,
): Record<string, number> => ({
  teacherRankPublished: published,
  teacherRank: best,
  teacherLoss: contrastiveLoss!,
  ...(labelsLoss !== undefined && { teacherLabelsLoss: labelsLoss }),
});
