/**
 * A published model that learns from Amazon-Google's labelled training pairs (shared data) before it teaches: what that gives
 * it, and the edge encoder that it teaches, which sees no label itself. Judged on the validation pairs as in edge-encoder.ts.
 */

import { seeded } from '../../../shared/random.ts';
import { catalogueOf } from '../../../trainer-server/encoders/catalogue.ts';
import { trainEncoders } from '../../../trainer-server/encoders/index.ts';
import { bertTeacher, openBertTeacher } from '../../../trainer-server/encoders/teacher/bert-teacher.ts';
import type { Teacher } from '../../../trainer-server/encoders/teacher/teacher.ts';
import { tuneTeacher } from '../../../trainer-server/encoders/teacher/tune-teacher.ts';
import {
  TEACHER_TRAINING,
  type TeacherTraining,
} from '../../../trainer-server/encoders/teacher/tuning-options.ts';
import { pairSources } from '../../../trainer-server/encoders/text-pairs.ts';
import { teacherTuningOf } from '../../../trainer-server/encoders/tuning/index.ts';
import type { BenchOptions, Figures } from '../bench.ts';
import { asProduct, FEW_STEPS, fromTeacher, optionsOf, qualityTable, vectorsOf } from './edge-encoder.ts';
import { labelledPairs, productsOf } from './same-product.ts';

/** What a quarter of the default half hour allows all-MiniLM-L6-v2 for, on two cores that do nothing else. */
const STEPS = 80;

const SETTINGS: TeacherTraining = {
  ...TEACHER_TRAINING,
  contrastive: { ...TEACHER_TRAINING.contrastive, steps: { least: STEPS, most: STEPS } },
};

/** @param folder of a BERT with its weights */
export async function tunedTeacher(folder: string, { say }: Pick<BenchOptions, 'say'>): Promise<Figures> {
  const [learn, asked] = [labelledPairs('train'), labelledPairs('valid')];
  const products = productsOf([...learn, ...asked]).map(asProduct);
  const labelled = learn.map(({ a, b, label }, i) => ({
    a: asProduct(a, 2 * i),
    b: asProduct(b, 2 * i + 1),
    label,
  }));
  const tell = qualityTable(learn, asked, say);
  const own = async (name: string, teacher: Teacher, share?: number) =>
    tell(name, await fromTeacher(teacher, products), {
      width: teacher.width,
      ...(share === undefined ? {} : { share }),
    });
  const edge = async (name: string, teacher?: Teacher) => {
    const models = await trainEncoders(
      { products, events: [], pairs: [] },
      { ...optionsOf(FEW_STEPS), teacher },
    );
    return tell(name, await vectorsOf(models));
  };

  const published = await openBertTeacher(folder);
  const before = await own('teacher as published', published);
  const began = performance.now();
  const { checkpoint, report } = await tuneTeacher(
    published.checkpoint!,
    {
      sources: pairSources(catalogueOf({ products, events: [] }), [], labelled, SETTINGS.contrastive),
      labelled,
      products: products.length,
    },
    teacherTuningOf('lora'),
    { ...optionsOf(FEW_STEPS), random: seeded('bench tuned teacher') },
    SETTINGS,
  );
  const seconds = (performance.now() - began) / 1000;
  const figures: Figures = {
    teacher_published_ap: before.precision,
    teacher_published_f1: before.f1,
    teacher_tuned_share: report.teacherTunedShare!,
    teacher_tuning_s: seconds,
    teacher_published_rank: report.teacherRankPublished!,
    teacher_tuned_rank: report.teacherRank!,
  };
  say(
    `tuned in ${seconds.toFixed(0)} s: held-out partners at a reciprocal rank of ${report.teacherRank!.toFixed(3)}, before ${report.teacherRankPublished!.toFixed(3)}`,
  );
  figures.edge_untaught_ap = (await edge('edge encoder, untaught')).precision;
  figures.edge_by_published_ap = (await edge('edge, by the published', published)).precision;
  await published.close();
  if (checkpoint === undefined) {
    say('kept as published');
    return figures;
  }
  const tuned = await bertTeacher(checkpoint);
  const after = await own('teacher tuned', tuned, report.teacherTunedShare);
  figures.edge_by_tuned_ap = (await edge('edge, by the tuned', tuned)).precision;
  await tuned.close();
  return { ...figures, teacher_tuned_ap: after.precision, teacher_tuned_f1: after.f1 };
}
