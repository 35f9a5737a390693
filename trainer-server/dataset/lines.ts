/** Reading files line by line, gzipped or not, with the line number in every complaint. */

import { createReadStream, type ReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import { BadInput, placed, show } from '../../shared/errors.ts';
import { type LineBlock, textLines } from './text-lines.ts';

const FOUND: Readonly<Record<string, string>> = {
  ENOENT: 'nothing there',
  EISDIR: 'a folder',
  EACCES: 'one that may not be read',
};

/**
 * A file's bytes as a stream, unpacked where it is gzipped (told by its first two bytes, not by its name).
 * @throws BadInput where there is no such file, or it may not be read
 */
export const openMaybeGzip = async (path: string): Promise<Readable> => (await openCounted(path)).source;

/** The same, and how many bytes of the file were read so far. */
export async function openCounted(path: string): Promise<{ source: Readable; bytesRead(): number }> {
  // Looked at first: a stream that fails while nobody listens to it ends the process.
  const packed = await isGzip(path).catch((error: NodeJS.ErrnoException) => {
    throw new BadInput({ file: path }, 'a file that can be read', FOUND[error.code ?? ''] ?? error.message);
  });
  const raw: ReadStream = createReadStream(path);
  const bytesRead = (): number => raw.bytesRead;
  if (!packed) return { source: raw, bytesRead };
  const unpacked = createGunzip();
  raw.on('error', (error) => unpacked.destroy(error));
  return { source: raw.pipe(unpacked), bytesRead };
}

/** A whole text file, gzipped or not. */
export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}

/**
 * Every JSON line of a stream. Blank lines are skipped; a line that is not JSON or that `parse` refuses goes to
 * `refuse` with its number (which may throw to stop).
 */
export async function* jsonLines<T>(
  source: Readable,
  parse: (raw: unknown, line: number) => T,
  refuse: (error: BadInput, text: string) => void,
): AsyncGenerator<T> {
  for await (const block of textLines(source)) yield* parsed(block, parse, refuse);
}

/** The same, all at once: a wait for each line would take as long as reading it. */
export async function allJsonLines<T>(
  source: Readable,
  parse: (raw: unknown, line: number) => T,
  refuse: (error: BadInput, text: string) => void,
): Promise<T[]> {
  const out: T[] = [];
  for await (const block of textLines(source)) for (const row of parsed(block, parse, refuse)) out.push(row);
  return out;
}

function* parsed<T>(
  block: LineBlock,
  parse: (raw: unknown, line: number) => T,
  refuse: (error: BadInput, text: string) => void,
): Generator<T> {
  for (const [i, text] of block.lines.entries()) {
    const trimmed = text.trim();
    if (trimmed === '') continue;
    const line = block.first + i;
    try {
      yield parse(parseJson(trimmed), line);
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      refuse(placed(error, { line }), trimmed);
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadInput({}, 'one JSON value', show(text));
  }
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}
