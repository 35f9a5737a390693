/** A BERT-family checkpoint as a teacher. */

import { encodeWithBert } from '../bert/encode-with-bert.ts';
import { openBert, openBertSession } from '../bert/open-bert.ts';
import { poolingOf } from './model-folder.ts';
import { type BertCheckpoint, LONGEST, type Teacher } from './teacher.ts';

/** @throws BadInput */
export const openBertTeacher = async (folder: string): Promise<Teacher> =>
  bertTeacher({ bert: await openBert(folder), pooling: await poolingOf(folder) });

export async function bertTeacher(checkpoint: BertCheckpoint): Promise<Teacher> {
  const { bert, pooling } = checkpoint;
  const session = await openBertSession(bert, pooling);
  return {
    width: bert.config.width,
    checkpoint,
    encode: (texts) => encodeWithBert(bert, texts, session, LONGEST),
    close: () => session.close(),
  };
}
