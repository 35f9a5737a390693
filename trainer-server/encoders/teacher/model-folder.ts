/** The folder of a published model: as named, or downloaded once from the Hugging Face Hub. */

import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { BadInput } from '../../../shared/errors.ts';
import type { Pooling } from '../bert/bert-network.ts';

/** Where models come from that are no folder on this machine. */
export interface HubOptions {
  /** Folder in which downloads are kept. */
  cache: string;
  fetch: typeof fetch;
}

export const WEIGHTS = 'model.safetensors';
export const ONNX = 'onnx/model.onnx';

/** As the commands download. */
export const HUB: HubOptions = { cache: join(homedir(), '.cache/promo-edge'), fetch };

const HUB_NAME = /^[\w.-]+\/[\w.-]+$/;

/** @param source a folder, or OWNER/MODEL @returns a folder with what the model has of the files above @throws BadInput */
export async function modelFolder(source: string, hub?: HubOptions): Promise<string> {
  if (existsSync(source)) return source;
  if (hub === undefined || !HUB_NAME.test(source))
    throw new BadInput({ field: 'checkpoint' }, 'a folder, or OWNER/MODEL of the Hugging Face Hub', source);
  const dir = join(hub.cache, source);
  const fetched = (file: string): Promise<boolean> => download(source, file, dir, hub.fetch);
  // Weights come last: where they are, the rest is.
  if (existsSync(join(dir, WEIGHTS)) || existsSync(join(dir, ONNX))) return dir;
  for (const file of ['config.json', 'tokenizer.json']) {
    if (!(await fetched(file)))
      throw new BadInput({ file: `${source}/${file}` }, 'a public model with this file', 'none');
  }
  await fetched('tokenizer_config.json');
  await fetched('1_Pooling/config.json');
  const { model_type: type } = JSON.parse(await readFile(join(dir, 'config.json'), 'utf8'));
  for (const file of type === 'bert' ? [WEIGHTS, ONNX] : [ONNX]) if (await fetched(file)) return dir;
  throw new BadInput({ file: source }, `${WEIGHTS} of a BERT, or ${ONNX}`, `a model of type ${type}`);
}

/** @returns false where there is no such file */
async function download(name: string, file: string, dir: string, get: typeof fetch): Promise<boolean> {
  const url = `https://huggingface.co/${name}/resolve/main/${file}`;
  const response = await get(url);
  if (response.status === 404) return false;
  if (!response.ok) throw new BadInput({ file: url }, 'a public model', `HTTP status ${response.status}`);
  const path = join(dir, file);
  await mkdir(dirname(path), { recursive: true });
  // Renamed when whole: a broken download must not be taken for a checkpoint.
  await writeFile(`${path}.part`, new Uint8Array(await response.arrayBuffer()));
  await rename(`${path}.part`, path);
  return true;
}

/** By sentence-transformers' note beside the model; the mean where there is none. */
export async function poolingOf(folder: string): Promise<Pooling> {
  const path = join(folder, '1_Pooling/config.json');
  if (!existsSync(path)) return 'mean';
  const note = JSON.parse(await readFile(path, 'utf8')) as { pooling_mode_cls_token?: boolean };
  return note.pooling_mode_cls_token === true ? 'first' : 'mean';
}
