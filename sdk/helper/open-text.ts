/** The release's text encoder on this device. */

import { Tokenizer } from '@huggingface/tokenizers';
import type { CatalogueFile } from '../../shared/bundle.ts';
import { textTokens } from '../../shared/features/text-tokens.ts';
import { compileIntegerKernels } from '../../shared/kernels/compile-integers.ts';
import { textEngine } from '../../shared/kernels/text-engine.ts';
import { readTensors } from '../../shared/tensors.ts';
import type { ModelFiles } from '../model.ts';

/** A text's unit vector; undefined where the release's own tokenizer makes nothing of it. */
export type EncodeText = (text: string) => Promise<Float32Array | undefined>;

/** @returns undefined where the release has no text encoder, its files do not fit or WebAssembly is not allowed */
export async function openText({ files }: ModelFiles): Promise<EncodeText | undefined> {
  const [catalogue, tokenizer, tensors] = [
    files.get('catalogue'),
    files.get('tokenizer'),
    files.get('text-tensors'),
  ];
  if (catalogue === undefined || tokenizer === undefined || tensors === undefined) return undefined;
  const { text: config } = json<CatalogueFile>(catalogue);
  if (config === undefined) return undefined;
  try {
    const reader = new Tokenizer(json<object>(tokenizer), {});
    const modules = await compileIntegerKernels();
    const { encodeText } = await textEngine(config, readTensors(tensors, 'text.safetensors'), modules);
    return async (text) => encodeText(textTokens(reader, text, config.length)).catch(() => undefined);
  } catch {
    return undefined;
  }
}

const json = <T>(bytes: Uint8Array): T => JSON.parse(new TextDecoder().decode(bytes)) as T;
