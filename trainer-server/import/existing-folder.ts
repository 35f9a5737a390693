/** What a data folder already holds, into the stages' tables: an import adds to it and loses none of it. */

import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInput } from '../../shared/errors.ts';
import { jsonLines, openMaybeGzip, readText } from '../dataset/lines.ts';
import type { RowKind, Sink } from './importer.ts';

/** The line files of a folder and what their rows are. */
export const LINE_FILES: Readonly<Record<string, RowKind>> = {
  'products.jsonl': 'product',
  'events.jsonl': 'event',
  'decisions.jsonl': 'decision',
  'pairs.jsonl': 'pair',
  'judgements.jsonl': 'judgement',
};

/** @throws BadInput where a file there cannot be read: nothing is written over what we do not understand */
export async function readExistingFolder(dir: string, sink: Sink): Promise<void> {
  const shop = await document(dir, 'shop.json');
  if (shop !== undefined) guarded(shop.file, () => sink.shop(shop.value, { file: shop.file }));
  const promotions = await document(dir, 'promotions.json');
  if (promotions !== undefined) {
    if (!Array.isArray(promotions.value))
      throw refusal(new BadInput({}, 'an array of promotions', 'another value'), promotions.file);
    for (const row of promotions.value)
      guarded(promotions.file, () => sink.add('promotion', row, { file: promotions.file }));
  }
  for (const [name, kind] of Object.entries(LINE_FILES)) {
    const file = await fileIn(dir, name);
    if (file === undefined) continue;
    const rows = jsonLines(
      await openMaybeGzip(file),
      (raw, line) => sink.add(kind, raw, { file, line }),
      (error) => {
        throw refusal(error, file);
      },
    );
    while ((await rows.next()).done !== true);
  }
}

/** The file of this name in the folder, or its gzipped form. */
export async function fileIn(dir: string, name: string): Promise<string | undefined> {
  const [plain, packed] = await Promise.all([join(dir, name), join(dir, `${name}.gz`)].map(present));
  if (plain !== undefined && packed !== undefined) {
    const fix = 'Join them, or move one away: an import must not lose either';
    throw new BadInput({ file: join(dir, name) }, 'the file or its gzipped form', 'both', fix);
  }
  return plain ?? packed;
}

const present = (path: string): Promise<string | undefined> =>
  access(path).then(
    () => path,
    () => undefined,
  );

async function document(dir: string, name: string): Promise<{ file: string; value: unknown } | undefined> {
  const file = await fileIn(dir, name);
  if (file === undefined) return undefined;
  const text = await readText(file);
  try {
    return { file, value: JSON.parse(text) };
  } catch (error) {
    throw refusal(new BadInput({}, 'JSON', (error as Error).message), file);
  }
}

function guarded(file: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw error instanceof BadInput ? refusal(error, file) : error;
  }
}

const refusal = (error: BadInput, file: string): BadInput =>
  new BadInput(
    { file, ...error.place },
    error.expected,
    error.found,
    'Mend or move this file of the data folder first: an import must not lose it',
  );
