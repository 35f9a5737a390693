/** A teacher's lessons, after it has been fine-tuned where that is asked for. */

import type { TrainingOptions } from '../../training-options.ts';
import type { BertConfig } from '../bert/bert-config.ts';
import type { FineTuning } from '../tuning/fine-tuning.ts';
import { bertTeacher } from './bert-teacher.ts';
import type { PairData } from './held-out-pairs.ts';
import { type Lessons, lessonsOf } from './lessons.ts';
import { savedTeacher, saveTeacher } from './saved-teacher.ts';
import type { BertCheckpoint, Teacher } from './teacher.ts';
import { tuneTeacher } from './tune-teacher.ts';
import type { TeacherTraining } from './tuning-options.ts';

/** Who teaches the text encoder, and how it is prepared for it. */
export interface Teaching {
  /** A published model. */
  teacher?: Teacher | undefined;
  /** How the teacher learns from the shop's pairs before it teaches; not at all where absent. */
  teacherTuning?: FineTuning<BertConfig> | undefined;
  teacherTraining?: TeacherTraining;
}

export interface Taken {
  lessons: Lessons;
  /** Where tuning made it better. */
  tunedTeacher?: BertCheckpoint | undefined;
  report: Record<string, number>;
}

type Options = Teaching & TrainingOptions;

/** @param width of the edge encoder's vectors @returns undefined where nobody teaches */
export async function takeLessons(
  texts: readonly string[],
  width: number,
  data: PairData & { products: number },
  options: Options,
): Promise<Taken | undefined> {
  const { teacher, teacherTuning: tuning } = options;
  if (teacher === undefined) return undefined;
  const published = tuning && teacher.checkpoint;
  if (tuning === undefined || published === undefined)
    return { lessons: await lessonsOf(teacher, texts, width, options), report: {} };
  const { checkpoint, report } =
    (await savedTeacher(published, options.checkpoints)) ??
    (await saveTeacher(
      await tuneTeacher(published, data, tuning, options, options.teacherTraining),
      options.checkpoints,
    ));
  if (checkpoint === undefined) return { lessons: await lessonsOf(teacher, texts, width, options), report };
  const tuned = await bertTeacher(checkpoint);
  try {
    return { lessons: await lessonsOf(tuned, texts, width, options), tunedTeacher: checkpoint, report };
  } finally {
    await tuned.close();
  }
}

/** What an interrupted run had made of the teacher. */
export async function tunedBefore({
  teacher,
  teacherTuning,
  checkpoints,
}: Options): Promise<BertCheckpoint | undefined> {
  if (teacher?.checkpoint === undefined || teacherTuning === undefined) return undefined;
  return (await savedTeacher(teacher.checkpoint, checkpoints))?.checkpoint;
}
