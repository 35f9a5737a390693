/** What the recommending commands read from a bundle. */

import type { FirstMeta } from '../../shared/bundle.ts';
import { BadInput } from '../../shared/errors.ts';
import { type CatalogueTables, readCatalogue } from '../../shared/recommend/tables.ts';
import { readTensors } from '../../shared/tensors.ts';
import type { HistoryEncoder } from '../encoders/session-export.ts';
import { encodeTexts } from '../encoders/text-export.ts';
import { checkTokenizer, openTokenizer, type TokenizerFile } from '../encoders/tokenizer.ts';
import { openSession } from '../graph/index.ts';
import type { Bundle } from '../release/bundle.ts';

/** Text vectors that are not published: judged queries do not speak for them. */
export const TEXT_TABLE_FILE = 'text-table.safetensors';

/** With the trainer's own text vectors where the release has none. @throws BadInput where the bundle has no products */
export async function catalogueTables(bundle: Bundle): Promise<CatalogueTables> {
  const file = await bundle.catalogue();
  const tensors = await bundle.tensors('products');
  if (file === undefined || tensors === undefined) {
    throw new BadInput(
      { file: bundle.dir },
      'a bundle with products',
      'none',
      'Train it on a data folder with products.jsonl or events.jsonl',
    );
  }
  const own = tensors.text === undefined ? await bundle.trainerFile(TEXT_TABLE_FILE) : undefined;
  return readCatalogue(file, { ...tensors, ...(own && readTensors(own, TEXT_TABLE_FILE)) });
}

/** The session encoder over the whole product table; undefined where none was trained. */
export async function historyEncoder(
  bundle: Bundle,
  catalogue: CatalogueTables,
  first: FirstMeta,
): Promise<HistoryEncoder | undefined> {
  const onnx = await bundle.bytes('session-onnx');
  if (onnx === undefined || first.session === undefined) return undefined;
  return {
    session: await openSession(onnx),
    config: first.session,
    table: catalogue.vectors.data,
    products: catalogue.lookup,
    priceEdges: first.features.priceEdges,
  };
}

export interface TextEncoder {
  width: number;
  /** Unit vectors [texts * width]; zeros for a text without words. */
  encode(texts: readonly string[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/** The text encoder; undefined where none was trained. */
export async function textEncoder(bundle: Bundle): Promise<TextEncoder | undefined> {
  const [onnx, tokenizerBytes, file] = await Promise.all([
    bundle.bytes('text-onnx'),
    bundle.bytes('tokenizer'),
    bundle.catalogue(),
  ]);
  const config = file?.text;
  if (onnx === undefined || tokenizerBytes === undefined || config === undefined) return undefined;
  const told = JSON.parse(new TextDecoder().decode(tokenizerBytes)) as TokenizerFile;
  checkTokenizer(told, config);
  const tokenizer = openTokenizer(told);
  const session = await openSession(onnx);
  return {
    width: config.vectorWidth,
    encode: (texts) => encodeTexts(session, config, tokenizer, texts),
    close: () => session.close(),
  };
}
