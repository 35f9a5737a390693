/** A BERT-family checkpoint as a teacher. */

import { encodeWithBert } from '../bert/encode-with-bert.ts';
import { openBert, openBertSession } from '../bert/open-bert.ts';
import { poolingOf } from './model-folder.ts';
import { LONGEST, type Teacher } from './teacher.ts';

/** @throws BadInput */
export async function openBertTeacher(folder: string): Promise<Teacher> {
  const bert = await openBert(folder);
  const session = await openBertSession(bert, await poolingOf(folder));
  return {
    width: bert.config.width,
    encode: (texts) => encodeWithBert(bert, texts, session, LONGEST),
    close: () => session.close(),
  };
}
