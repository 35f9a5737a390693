/** Vectors of products that a release has no row for, by the trainer's arithmetic, from what a page shows of them. */

import { Tokenizer } from '@huggingface/tokenizers';
import type { CatalogueFile } from '../../shared/bundle.ts';
import type { EventItem, PackedVector } from '../../shared/event.ts';
import { productVector } from '../../shared/features/product-vector.ts';
import { productText } from '../../shared/features/profile-text.ts';
import { textTokens } from '../../shared/features/text-tokens.ts';
import { compileIntegerKernels } from '../../shared/kernels/compile-integers.ts';
import { textEngine } from '../../shared/kernels/text-engine.ts';
import type { TextEncoderConfig } from '../../shared/models/text-encoder.ts';
import { quantizeRows } from '../../shared/quantize.ts';
import { readTensors } from '../../shared/tensors.ts';
import type { ModelFiles } from '../model.ts';

export type PlaceProduct = (product: EventItem) => Promise<PackedVector>;

/** @returns undefined where the release does not say how its vectors are made */
export async function openPlacing({ files }: ModelFiles): Promise<PlaceProduct | undefined> {
  const { fusion, text } = json<Partial<CatalogueFile>>(files.get('catalogue')) ?? {};
  if (fusion === undefined) return undefined;
  // Without WebAssembly, or without a text encoder in the release, the other branches place a product.
  const encode = await openText(text, files).catch(() => undefined);
  return async ({ title, category = [], ...product }) => {
    const words = title === undefined ? undefined : await encode?.(productText({ ...product, title }));
    const data = productVector({ ...product, category }, fusion, words);
    const { int8, scale } = quantizeRows({ shape: [1, data.length], data });
    return { int8: [...int8.data], scale: scale.data[0]! };
  };
}

/** @throws where WebAssembly is not allowed, or the text encoder's files do not fit each other */
async function openText(
  config: TextEncoderConfig | undefined,
  files: ModelFiles['files'],
): Promise<((text: string) => Promise<Float32Array | undefined>) | undefined> {
  const [tokenizer, tensors] = [files.get('tokenizer'), files.get('text-tensors')];
  if (config === undefined || tokenizer === undefined || tensors === undefined) return undefined;
  const reader = new Tokenizer(json(tokenizer)!, {});
  const modules = await compileIntegerKernels();
  const { encodeText } = await textEngine(config, readTensors(tensors, 'text.safetensors'), modules);
  // A text that the release's own tokenizer makes nothing of is none.
  return async (text) => encodeText(textTokens(reader, text, config.length)).catch(() => undefined);
}

const json = <T>(bytes: Uint8Array | undefined): T | undefined =>
  bytes && (JSON.parse(new TextDecoder().decode(bytes)) as T);
