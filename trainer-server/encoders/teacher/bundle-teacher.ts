/** A release's text encoder as a teacher: a chain of shops trains one well and lets it teach the others. */

import { BadInput } from '../../../shared/errors.ts';
import { textEncoder } from '../../recommend/open-bundle-tables.ts';
import { openBundle } from '../../release/bundle.ts';
import type { Teacher } from './teacher.ts';

/** @throws BadInput */
export async function openBundleTeacher(folder: string): Promise<Teacher> {
  const encoder = await textEncoder(await openBundle(folder));
  if (encoder === undefined) throw new BadInput({ file: folder }, 'a bundle with a text encoder', 'none');
  return encoder;
}
