/**
 * A published BERT-family checkpoint: `config.json`, `tokenizer.json` and `model.safetensors`, from a folder or by its
 * name on the Hugging Face Hub.
 *
 * @example
 * const bert = await openBert('sentence-transformers/all-MiniLM-L6-v2', { cache: 'models', fetch });
 * const vectors = await encodeWithBert(bert, ['a blue mug'], await openBertSession(bert));
 */

import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { BadInput } from '../../../shared/errors.ts';
import type { TextTokenizer } from '../../../shared/features/text-tokens.ts';
import { inferenceModel, openSession, type Session } from '../../graph/index.ts';
import { type BertConfig, readBertConfig } from './bert-config.ts';
import { bertStates, bertVectors } from './bert-network.ts';
import { type BertParameters, bertParameters } from './bert-parameters.ts';
import { readCheckpoint } from './read-checkpoint.ts';

export interface Bert {
  config: BertConfig;
  parameters: BertParameters;
  tokenizer: TextTokenizer;
}

export interface HubOptions {
  /** Folder in which downloads are kept. */
  cache: string;
  fetch: typeof fetch;
}

const FILES = ['config.json', 'tokenizer.json', 'model.safetensors'] as const;
const HUB_NAME = /^[\w.-]+\/[\w.-]+$/;

/** @param source a folder, or the name of a model on the Hub @throws BadInput */
export async function openBert(source: string, hub?: HubOptions): Promise<Bert> {
  const dir = (await exists(source)) ? source : await download(source, hub);
  const file = async (name: (typeof FILES)[number]): Promise<Uint8Array> => {
    const path = join(dir, name);
    if (!(await exists(path))) throw new BadInput({ file: path }, 'a checkpoint with this file', 'none');
    return readFile(path);
  };
  const [config, tokenizer, weights] = await Promise.all(FILES.map(file));
  const read = readBertConfig(json(config!, 'config.json'));
  return {
    config: read,
    tokenizer: openTokenizer(json(tokenizer!, 'tokenizer.json'), read),
    parameters: bertParameters(readCheckpoint(weights!), read),
  };
}

async function download(name: string, hub: HubOptions | undefined): Promise<string> {
  if (hub === undefined || !HUB_NAME.test(name))
    throw new BadInput({ field: 'checkpoint' }, 'a folder, or OWNER/MODEL of the Hugging Face Hub', name);
  const dir = join(hub.cache, name);
  for (const file of FILES) {
    const path = join(dir, file);
    if (await exists(path)) continue;
    const url = `https://huggingface.co/${name}/resolve/main/${file}`;
    const response = await hub.fetch(url);
    if (!response.ok)
      throw new BadInput({ file: url }, 'a public checkpoint', `HTTP status ${response.status}`);
    await mkdir(dirname(path), { recursive: true });
    // Renamed when whole: a broken download must not be taken for a checkpoint.
    await writeFile(`${path}.part`, new Uint8Array(await response.arrayBuffer()));
    await rename(`${path}.part`, path);
  }
  return dir;
}

function openTokenizer(file: unknown, { vocabulary }: BertConfig): TextTokenizer {
  const { model } = Object(file) as { model?: { type?: string; vocab?: Record<string, number> } };
  const ids = Object.values(model?.vocab ?? {});
  const most = ids.reduce((a, b) => Math.max(a, b), -1);
  if (most < 0 || most >= vocabulary) {
    throw new BadInput(
      { file: 'tokenizer.json', field: 'model.vocab' },
      `ids below the ${vocabulary} of config.json`,
      most < 0 ? 'none' : `${most}`,
      'Take the tokenizer that belongs to the checkpoint',
    );
  }
  return new Tokenizer(file as object, {});
}

function json(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new BadInput({ file }, 'JSON', (error as Error).message);
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** tokens [batch, time] and length [batch] to `states` [batch, time, width] and unit `vector` [batch, width]. */
export function openBertSession({
  config,
  parameters,
}: Pick<Bert, 'config' | 'parameters'>): Promise<Session> {
  return openSession(
    inferenceModel({
      inputs: {
        tokens: { dtype: 'i32', shape: ['batch', 'time'] },
        length: { dtype: 'i32', shape: ['batch'] },
      },
      parameters,
      build: (_, p, x) => {
        const states = bertStates(p, x.tokens!, x.length!, config);
        return { states, vector: bertVectors(states, x.tokens!, x.length!) };
      },
    }),
  );
}
