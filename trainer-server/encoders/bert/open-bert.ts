/** A published BERT-family checkpoint: a folder with `config.json`, `tokenizer.json` and `model.safetensors`. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { BadInput } from '../../../shared/errors.ts';
import type { TextTokenizer } from '../../../shared/features/text-tokens.ts';
import { inferenceModel, openSession, type Session } from '../../graph/index.ts';
import { type BertConfig, readBertConfig } from './bert-config.ts';
import { bertStates, bertVectors, type Pooling } from './bert-network.ts';
import { type BertParameters, bertParameters } from './bert-parameters.ts';
import { readCheckpoint } from './read-checkpoint.ts';

export interface Bert {
  config: BertConfig;
  parameters: BertParameters;
  tokenizer: TextTokenizer;
  /** config.json and tokenizer.json as they were read. */
  files: { config: object; tokenizer: object };
}

const FILES = ['config.json', 'tokenizer.json', 'model.safetensors'] as const;
/** @throws BadInput */
export async function openBert(dir: string): Promise<Bert> {
  const file = async (name: (typeof FILES)[number]): Promise<Uint8Array> => {
    const path = join(dir, name);
    if (!existsSync(path)) throw new BadInput({ file: path }, 'a checkpoint with this file', 'none');
    return readFile(path);
  };
  const [config, tokenizer, weights] = await Promise.all(FILES.map(file));
  const files = { config: json(config!, 'config.json'), tokenizer: json(tokenizer!, 'tokenizer.json') };
  const read = readBertConfig(files.config);
  return {
    config: read,
    tokenizer: openTokenizer(files.tokenizer, read),
    parameters: bertParameters(readCheckpoint(weights!), read),
    files: { config: Object(files.config), tokenizer: Object(files.tokenizer) },
  };
}

/** Rows of a token table that no token has: publishers round its size up to whole blocks, or keep some unused. */
const MOST_PADDING = 1024;

function openTokenizer(file: unknown, { vocabulary }: BertConfig): TextTokenizer {
  const { model } = Object(file) as { model?: { type?: string; vocab?: Record<string, number> } };
  const ids = Object.values(model?.vocab ?? {});
  const most = ids.reduce((a, b) => Math.max(a, b), -1);
  if (most < 0 || most >= vocabulary || most + 1 + MOST_PADDING < vocabulary) {
    throw new BadInput(
      { file: 'tokenizer.json', field: 'model.vocab' },
      `ids up to about the ${vocabulary} of config.json`,
      most < 0 ? 'none' : `up to ${most}`,
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

/** tokens [batch, time] and length [batch] to `states` [batch, time, width] and unit `vector` [batch, width]. */
export function openBertSession(
  { config, parameters }: Pick<Bert, 'config' | 'parameters'>,
  pooling: Pooling = 'mean',
): Promise<Session> {
  return openSession(
    inferenceModel({
      inputs: {
        tokens: { dtype: 'i32', shape: ['batch', 'time'] },
        length: { dtype: 'i32', shape: ['batch'] },
      },
      parameters,
      build: (_, p, x) => {
        const states = bertStates(p, x.tokens!, x.length!, config);
        return { states, vector: bertVectors(states, x.tokens!, x.length!, pooling) };
      },
    }),
  );
}
