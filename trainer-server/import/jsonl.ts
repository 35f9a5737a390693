/** Our own files: each goes where its name says, else each row where its shape says. */

import { basename } from 'node:path';
import { BadInput, placed, show } from '../../shared/errors.ts';
import { EVENT_NAMES } from '../../shared/event.ts';
import { PROMOTION_TYPES } from '../../shared/promotion.ts';
import { jsonLines, openMaybeGzip, readText } from '../dataset/lines.ts';
import type { ImportContext, Importer, RowKind, RowPlace, SourceFile } from './importer.ts';
import { countUp } from './quality.ts';

type JsonKind = RowKind | 'shop';

/** In the order in which shapes are tried: the first that fits. */
const KINDS: readonly { kind: JsonKind; file: RegExp; fits(row: Record<string, unknown>): boolean }[] = [
  { kind: 'shop', file: /^shop\b/, fits: (row) => !('sku' in row) && ('currency' in row || 'locale' in row) },
  {
    kind: 'promotion',
    file: /^promotions?\b/,
    fits: (row) => oneOf(PROMOTION_TYPES, row.type) && 'id' in row,
  },
  { kind: 'decision', file: /^decisions?\b/, fits: (row) => 'eligible' in row && 'action' in row },
  { kind: 'event', file: /^events?\b/, fits: (row) => oneOf(EVENT_NAMES, row.name) && 'visitor' in row },
  { kind: 'pair', file: /^pairs?\b/, fits: (row) => 'a' in row && 'b' in row && 'label' in row },
  { kind: 'judgement', file: /^judge?ments?\b/, fits: (row) => 'query' in row && 'grade' in row },
  {
    kind: 'product',
    file: /^products?\b/,
    fits: (row) => 'sku' in row && !('name' in row && 'visitor' in row),
  },
];

export const jsonl: Importer = {
  format: 'jsonl',
  summary: 'the files of a data folder: products.jsonl, events.jsonl, decisions.jsonl, promotions.json, ...',
  async run(files, context) {
    // The currency must be known before the first price is read.
    const order = [...files].sort((left, right) => rank(left) - rank(right));
    for (const file of order) await importFile(file, context);
  },
};

const rank = (file: SourceFile): number => (kindOfFile(file.path) === 'shop' ? 0 : 1);

function kindOfFile(path: string): JsonKind | undefined {
  return KINDS.find((entry) => entry.file.test(basename(path)))?.kind;
}

async function importFile(file: SourceFile, context: ImportContext): Promise<void> {
  const byName = kindOfFile(file.path);
  const stage = context.progress.stage(`read ${basename(file.path)}`);
  const byKind: Record<string, number> = {};
  let rows = 0;
  let rejected = 0;
  const refuse = (error: BadInput, text: string): void => {
    rows++;
    rejected++;
    context.reject(placed(error, { file: file.path }), text);
  };
  const take = (raw: unknown, place: RowPlace): void => {
    const kind = byName ?? kindOfRow(raw);
    if (kind === 'shop') context.sink.shop(raw, place);
    else context.sink.add(kind, raw, place);
    countUp(byKind, kind);
    rows++;
    stage.update(rows, `${rejected} rejected`);
    context.signal.throwIfAborted();
  };
  if (isDocument(file.path)) await readDocument(file, take, refuse);
  else await readRows(file, take, refuse);
  // An empty array says that there is none of it; an empty file says nothing.
  if (rows === 0 && !isDocument(file.path))
    throw new BadInput({ file: file.path }, 'at least one row', 'an empty file');
  const kinds = Object.entries(byKind).map(([kind, n]) => `${n} ${kind}`);
  stage.end(`${rows} rows: ${[...kinds, `${rejected} rejected`].join(', ')}`);
  context.report.files.push({ file: file.path, bytes: file.bytes, rows });
  context.report.stages.push({
    stage: `read ${basename(file.path)}`,
    unit: 'rows',
    in: rows,
    out: rows - rejected,
    removed: { rejected },
  });
}

const isDocument = (path: string): boolean => /\.json(\.gz)?$/.test(path);

async function readRows(
  file: SourceFile,
  take: (raw: unknown, place: RowPlace) => void,
  refuse: (error: BadInput, text: string) => void,
): Promise<void> {
  const source = await openMaybeGzip(file.path);
  const rows = jsonLines(source, (raw, line) => take(raw, { file: file.path, line }), refuse);
  try {
    while ((await rows.next()).done !== true);
  } catch (error) {
    throw error instanceof BadInput ? placed(error, { file: file.path }) : error;
  }
}

/** A whole JSON document: one object, or an array of rows. */
async function readDocument(
  file: SourceFile,
  take: (raw: unknown, place: RowPlace) => void,
  refuse: (error: BadInput, text: string) => void,
): Promise<void> {
  const document = parseDocument(file.path, await readText(file.path));
  const rows = Array.isArray(document) ? document : [document];
  for (const [i, row] of rows.entries()) {
    try {
      take(row, { file: file.path });
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      const field = Array.isArray(document) ? `[${i}]${dotted(error.place.field)}` : error.place.field;
      const place = field === undefined ? {} : { field };
      refuse(new BadInput(place, error.expected, error.found, error.fix), JSON.stringify(row));
    }
  }
}

const dotted = (field: string | undefined): string => (field === undefined ? '' : `.${field}`);

function parseDocument(file: string, text: string): unknown {
  if (text.trim() === '') throw new BadInput({ file }, 'a JSON document', 'an empty file');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadInput(
      { file },
      'a JSON document',
      (error as Error).message,
      'Rows, one JSON value a line, belong into a .jsonl file',
    );
  }
}

function kindOfRow(raw: unknown): JsonKind {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new BadInput({}, 'a JSON object', show(raw));
  }
  const row = raw as Record<string, unknown>;
  const found = KINDS.find((entry) => entry.fits(row));
  if (found !== undefined) return found.kind;
  const fix = `Name the file after what it holds (${KINDS.map((entry) => `${entry.kind}s`).join(', ')}) to learn what the row lacks`;
  throw new BadInput(
    {},
    'a row shaped like one of the data folder',
    `fields ${show(Object.keys(row).join(', '))}`,
    fix,
  );
}

const oneOf = (names: readonly string[], value: unknown): boolean =>
  typeof value === 'string' && names.includes(value);
