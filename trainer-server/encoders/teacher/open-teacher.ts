/** Opens a teacher by what its folder holds: a release, or a published model's weights. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from '../../../shared/errors.ts';
import { openBertTeacher } from './bert-teacher.ts';
import { openBundleTeacher } from './bundle-teacher.ts';
import { type HubOptions, modelFolder, ONNX, WEIGHTS } from './model-folder.ts';
import type { Teacher } from './teacher.ts';
import { openTransformersTeacher } from './transformers-teacher.ts';

/**
 * @param source a bundle, a model's folder, or OWNER/MODEL of the Hugging Face Hub, which is downloaded once
 * @example
 * const teacher = await openTeacher('sentence-transformers/all-MiniLM-L6-v2', { cache: 'models', fetch });
 * const vectors = await teacher.encode(['a blue mug']);
 * @throws BadInput
 */
export async function openTeacher(source: string, hub?: HubOptions): Promise<Teacher> {
  const folder = await modelFolder(source, hub);
  if (existsSync(join(folder, 'manifest.json'))) return openBundleTeacher(folder);
  if (existsSync(join(folder, WEIGHTS))) return openBertTeacher(folder);
  if (!existsSync(join(folder, ONNX)))
    throw new BadInput({ file: folder }, `${WEIGHTS} of a BERT, or ${ONNX}`, 'neither');
  return openTransformersTeacher(folder);
}

/** A teacher that can be fine-tuned: a BERT with its weights. @throws BadInput for a bundle, and a model in ONNX form alone */
export async function openTunableTeacher(source: string, hub?: HubOptions): Promise<Teacher> {
  const folder = await modelFolder(source, hub);
  const bundle = existsSync(join(folder, 'manifest.json'));
  if (bundle || !existsSync(join(folder, WEIGHTS))) {
    throw new BadInput(
      { field: '--tune-teacher' },
      `a teacher with ${WEIGHTS} of a BERT`,
      bundle ? `a bundle, ${source}` : `${source} without it`,
      bundle
        ? 'Its encoder goes on learning with --from and --tune; a teacher that was tuned for it is its trainer/teacher'
        : 'Leave --tune-teacher out',
    );
  }
  return openBertTeacher(folder);
}
