/**
 * A published model that learns from Amazon-Google's labelled training pairs (shared data) before it teaches: what that gives
 * it, and the edge encoder that it teaches, which sees no label itself. Judged on the validation pairs as in edge-encoder.ts.
 */

import type { Product } from '../../../shared/product.ts';
import { seeded } from '../../../shared/random.ts';
import type { TextPair } from '../../../trainer-server/dataset/rows.ts';
import { catalogueOf } from '../../../trainer-server/encoders/catalogue.ts';
import { type EncoderModels, trainEncoders } from '../../../trainer-server/encoders/index.ts';
import { bertTeacher, openBertTeacher } from '../../../trainer-server/encoders/teacher/bert-teacher.ts';
import type { Teacher } from '../../../trainer-server/encoders/teacher/teacher.ts';
import { type TunedTeacher, tuneTeacher } from '../../../trainer-server/encoders/teacher/tune-teacher.ts';
import { TEACHER_TRAINING } from '../../../trainer-server/encoders/teacher/tuning-options.ts';
import { pairSources } from '../../../trainer-server/encoders/text-pairs.ts';
import { teacherTuningOf } from '../../../trainer-server/encoders/tuning/index.ts';
import type { BenchOptions, Figures } from '../bench.ts';
import {
  asProduct,
  FEW_STEPS,
  fromTeacher,
  labelledProducts,
  optionsOf,
  qualityTable,
  vectorsOf,
} from './edge-encoder.ts';
import { labelledPairs, productsOf } from './same-product.ts';

/** Far fewer than a quarter of the default half hour allows all-MiniLM-L6-v2 on two cores that do nothing else. */
const STEPS = 40;

/** About as many steps of lessons as by default: after 200 the edge encoder knows little of either teacher. */
const EDGE = {
  ...FEW_STEPS,
  distillation: { ...FEW_STEPS.distillation, steps: { least: 1000, most: 1000 } },
};

/** @param folder of a BERT with its weights */
export async function tunedTeacher(folder: string, { say }: Pick<BenchOptions, 'say'>): Promise<Figures> {
  const [learn, asked] = [labelledPairs('train'), labelledPairs('valid')];
  const products = productsOf([...learn, ...asked]).map(asProduct);
  const tell = qualityTable(learn, asked, say);
  const untaught = tell('edge, untaught', await vectorsOf(await taughtBy(undefined, products)));
  const published = await openBertTeacher(folder);
  const before = tell('teacher as published', await fromTeacher(published, products), {
    width: published.width,
  });
  const byPublished = tell('edge, taught by it', await vectorsOf(await taughtBy(published, products)));
  const began = performance.now();
  const { checkpoint, report } = await tunedOnLabels(published, products, learn.map(labelledProducts));
  const seconds = (performance.now() - began) / 1000;
  await published.close();
  const figures: Figures = {
    teacher_tuned_share: report.teacherTunedShare!,
    teacher_tuning_s: seconds,
    teacher_published_ap: before.precision,
    teacher_published_f1: before.f1,
    edge_untaught_ap: untaught.precision,
    edge_by_published_ap: byPublished.precision,
  };
  const [was, is] = [report.teacherRankPublished!, report.teacherRank!].map((rank) => rank.toFixed(3));
  say(
    `  ${STEPS} steps in ${seconds.toFixed(0)} s: held-out partners at a reciprocal rank of ${is}, before ${was}`,
  );
  if (checkpoint === undefined) return figures;
  const tuned = await bertTeacher(checkpoint);
  const share = report.teacherTunedShare!;
  const after = tell('teacher tuned', await fromTeacher(tuned, products), { width: tuned.width, share });
  const byTuned = tell('edge, taught by that', await vectorsOf(await taughtBy(tuned, products)));
  await tuned.close();
  return {
    ...figures,
    teacher_tuned_ap: after.precision,
    teacher_tuned_f1: after.f1,
    edge_by_tuned_ap: byTuned.precision,
  };
}

export function tunedOnLabels(
  { checkpoint }: Teacher,
  products: Product[],
  labelled: readonly TextPair[],
): Promise<TunedTeacher> {
  const contrastive = { ...TEACHER_TRAINING.contrastive, steps: { least: STEPS, most: STEPS } };
  const sources = pairSources(catalogueOf({ products, events: [] }), [], labelled, contrastive);
  const options = { ...optionsOf(FEW_STEPS), random: seeded('bench tuned teacher') };
  const data = { sources, labelled, products: products.length };
  return tuneTeacher(checkpoint!, data, teacherTuningOf('lora'), options, {
    ...TEACHER_TRAINING,
    contrastive,
  });
}

/** No label seen: what it knows of them, the teacher knew. */
export const taughtBy = (teacher: Teacher | undefined, products: Product[]): Promise<EncoderModels> =>
  trainEncoders({ products, events: [], pairs: [] }, { ...optionsOf(EDGE), teacher });
