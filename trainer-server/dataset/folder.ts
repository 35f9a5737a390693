/** The files of a data folder, plain or gzipped: whole documents, and lines of which the bad ones are put aside. */

import { access, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BadInput, placed } from '../../shared/errors.ts';
import { allJsonLines, openCounted, readText } from './lines.ts';

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** The file of this name, or its gzipped form. */
export async function find(dir: string, name: string): Promise<string | undefined> {
  for (const path of [join(dir, name), join(dir, `${name}.gz`)]) if (await exists(path)) return path;
  return undefined;
}

/** How far along the files' bytes reading is. */
export interface Reading {
  /** So many bytes of this file. */
  of(bytes: number): void;
  /** The whole file, which had so many. */
  past(bytes: number): void;
}

/** @param told is told what share of the bytes of the folder's lines was read */
export async function readingOf(dir: string, told: (share: number) => void): Promise<Reading> {
  const names = (await readdir(dir)).filter((name) => /\.jsonl(\.gz)?$/.test(name));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(dir, name))).size));
  const total = Math.max(
    1,
    sizes.reduce((a, b) => a + b, 0),
  );
  let before = 0;
  return {
    of: (bytes) => told((before + bytes) / total),
    past: (bytes) => {
      before += bytes;
    },
  };
}

/** @throws BadInput where it is no JSON */
export async function loadJson(
  dir: string,
  name: string,
): Promise<{ value: unknown; file: string } | undefined> {
  const path = await find(dir, name);
  if (path === undefined) return undefined;
  const text = await readText(path);
  try {
    return { value: JSON.parse(text), file: basename(path) };
  } catch (error) {
    throw new BadInput({ file: basename(path) }, 'JSON', (error as Error).message);
  }
}

/** @throws BadInput where every row is bad */
export async function loadLines<T>(
  dir: string,
  name: string,
  parse: (raw: unknown) => T,
  rejected: string[],
  reading: Reading,
): Promise<T[]> {
  const path = await find(dir, name);
  if (path === undefined) return [];
  let refused = 0;
  const refuse = (error: BadInput): void => {
    refused++;
    rejected.push(placed(error, { file: basename(path) }).message);
  };
  const { source, bytesRead } = await openCounted(path);
  const read = (raw: unknown): T => {
    reading.of(bytesRead());
    return parse(raw);
  };
  const out = await allJsonLines(source, read, refuse).catch((error: unknown) => {
    throw error instanceof BadInput ? placed(error, { file: basename(path) }) : error;
  });
  reading.past(bytesRead());
  if (out.length === 0 && refused > 0) {
    throw new BadInput(
      { file: name },
      'at least one good row',
      `${refused} bad ones, the first: ${rejected.at(-refused)}`,
    );
  }
  return out;
}

export function inFile<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw error instanceof BadInput ? placed(error, { file }) : error;
  }
}
