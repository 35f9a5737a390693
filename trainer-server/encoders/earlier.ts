/** What an earlier release or an interrupted run leaves to go on from. */

import { BadInput, placed } from '../../shared/errors.ts';
import { type SessionEncoderConfig, sessionEncoderShapes } from '../../shared/models/session-encoder.ts';
import { type TextEncoderConfig, textEncoderShapes } from '../../shared/models/text-encoder.ts';
import { unpackTable } from '../../shared/quantize.ts';
import {
  readTensorMetadata,
  readTensors,
  type Tensor,
  tensorOf,
  writeTensors,
} from '../../shared/tensors.ts';
import type { Bundle } from '../release/bundle.ts';
import type { TrainingOptions } from '../training-options.ts';
import type { SessionStart } from './session-program.ts';
import { carriedText, trainedText } from './text-width.ts';
import { checkTokenizer, type TokenizerFile } from './tokenizer.ts';
import type { TextModel } from './train-text.ts';
import type { TextWeights } from './tuning/fine-tuning.ts';

export interface EarlierText {
  tokenizer: TokenizerFile;
  /** As wide as it was trained, which may be wider than what the release carries. */
  text: TextWeights;
}

/** The text encoder of a release, in full precision; undefined where it has none. */
export async function earlierText(bundle: Bundle | undefined): Promise<EarlierText | undefined> {
  const [weights, tokenizer, file] = bundle
    ? await Promise.all([bundle.trainerFile(WEIGHTS), bundle.bytes('tokenizer'), bundle.catalogue()])
    : [];
  if (weights === undefined || tokenizer === undefined || file?.text === undefined) return undefined;
  const read = JSON.parse(new TextDecoder().decode(tokenizer)) as TokenizerFile;
  checkTokenizer(read, file.text);
  return { tokenizer: read, text: checkedText(weights, file.text) };
}

/** The session encoder of a release and its product vectors by sku; undefined where its shape is another. */
export async function earlierSession(
  bundle: Bundle | undefined,
  config: SessionEncoderConfig,
): Promise<SessionStart | undefined> {
  if (bundle === undefined) return undefined;
  const [weights, products, catalogue, first] = await Promise.all([
    bundle.trainerFile('session.safetensors'),
    bundle.tensors('products'),
    bundle.catalogue(),
    bundle.first(),
  ]);
  if (weights === undefined || products === undefined || catalogue === undefined) return undefined;
  if (JSON.stringify(first.session) !== JSON.stringify(config)) return undefined;
  const table = unpackTable(products, 'products');
  const rows = new Map(catalogue.products.sku.map((sku, row) => [sku, row]));
  const width = config.productWidth;
  return {
    parameters: checked(weights, sessionEncoderShapes(config), 'session.safetensors'),
    vectorOf(sku) {
      const row = rows.get(sku);
      return row === undefined ? undefined : table.data.subarray(row * width, (row + 1) * width);
    },
  };
}

const CHECKPOINT = 'text';
const WEIGHTS = 'text.safetensors';

/** Keeps a trained text encoder, so that a run killed later does not train it again. */
export async function saveText(
  tokenizer: TokenizerFile,
  text: TextModel,
  { checkpoints }: Pick<TrainingOptions, 'checkpoints'>,
): Promise<void> {
  const { config, report } = text;
  const { parameters } = trainedText(text);
  await checkpoints.save(
    CHECKPOINT,
    writeTensors(parameters, { told: JSON.stringify({ config, report, tokenizer }) }),
  );
}

/** The text encoder that the interrupted run had finished. */
export async function savedText({
  checkpoints,
}: Pick<TrainingOptions, 'checkpoints'>): Promise<{ tokenizer: TokenizerFile; text: TextModel } | undefined> {
  const bytes = await checkpoints.load(CHECKPOINT);
  if (bytes === undefined) return undefined;
  const told = JSON.parse(readTensorMetadata(bytes, CHECKPOINT).told!) as {
    config: TextEncoderConfig;
    report: TextModel['report'];
    tokenizer: TokenizerFile;
  };
  const { config, report, tokenizer } = told;
  return { tokenizer, text: { ...carriedText(checkedText(bytes, config), config.vectorWidth), report } };
}

/** @param carried the encoder as the release carries it; the trainer's has at least as wide a projection */
function checkedText(bytes: Uint8Array, carried: TextEncoderConfig): TextWeights {
  const trained = readTensors(bytes, WEIGHTS)['text.project']?.shape[1] ?? 0;
  const config = { ...carried, vectorWidth: Math.max(trained, carried.vectorWidth) };
  return { config, parameters: checked(bytes, textEncoderShapes(config), WEIGHTS) };
}

/** @throws BadInput for a missing tensor, one of another shape, and one that nobody knows */
function checked(
  bytes: Uint8Array,
  shapes: Record<string, readonly number[]>,
  file: string,
): Record<string, Tensor<Float32Array>> {
  const tensors = readTensors(bytes, file);
  const unknown = Object.keys(tensors).find((name) => !Object.hasOwn(shapes, name));
  if (unknown !== undefined)
    throw new BadInput({ file, field: unknown }, 'the tensors of this encoder alone', 'one more');
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      try {
        return [name, tensorOf(tensors, name, shape) as Tensor<Float32Array>];
      } catch (error) {
        throw error instanceof BadInput ? placed(error, { file }) : error;
      }
    }),
  );
}
