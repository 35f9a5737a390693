/** Text files line by line, in blocks, whatever wrote them. */

import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { BadInput } from '../../shared/errors.ts';

export interface LineBlock {
  /** Number of the first line, from 1. */
  first: number;
  lines: string[];
  /** Lines that were not UTF-8 and were read as windows-1252, which older spreadsheets write. */
  foreign: number;
}

/** A line longer than this is no line of a table: the file is binary, or its line ends are lost. */
const LONGEST_LINE = 64 * 1024 * 1024;

const LF = 0x0a;

/**
 * Splits at LF and CRLF alone: readline also splits at U+2028, which is legal inside a JSON string.
 * @throws BadInput on binary data, naming the line; on a gzip stream that ends early
 */
export async function* textLines(source: Readable): AsyncGenerator<LineBlock> {
  let first = 1;
  let held: Buffer[] = [];
  let heldBytes = 0;
  const take = (bytes: Buffer): LineBlock => {
    const block = decode(first === 1 ? withoutMark(bytes) : bytes, first);
    first += block.lines.length;
    return block;
  };
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      const end = chunk.lastIndexOf(LF);
      if (end === -1) {
        held.push(chunk);
        heldBytes += chunk.length;
        if (heldBytes > LONGEST_LINE)
          throw new BadInput({ line: first }, 'lines of text', 'one of over 64 MB');
        continue;
      }
      const whole = Buffer.concat([...held, chunk.subarray(0, end)]);
      held = [chunk.subarray(end + 1)];
      heldBytes = held[0]!.length;
      yield take(whole);
    }
  } catch (error) {
    throw readable(error, first);
  }
  const rest = Buffer.concat(held);
  if (rest.length > 0) yield take(rest);
}

function decode(bytes: Buffer, first: number): LineBlock {
  const zero = bytes.indexOf(0);
  if (zero !== -1) {
    const line = first + count(bytes.subarray(0, zero), LF);
    throw new BadInput(
      { line },
      'text in UTF-8',
      'a zero byte: binary data or UTF-16',
      'Save the file as UTF-8',
    );
  }
  if (isUtf8(bytes))
    return { first, lines: bytes.toString('utf8').split('\n').map(withoutReturn), foreign: 0 };
  const older = new TextDecoder('windows-1252');
  let foreign = 0;
  const lines = split(bytes).map((line) => {
    if (isUtf8(line)) return withoutReturn(line.toString('utf8'));
    foreign++;
    return withoutReturn(older.decode(line));
  });
  return { first, lines, foreign };
}

function split(bytes: Buffer): Buffer[] {
  const out: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, from)) {
    out.push(bytes.subarray(from, at));
    from = at + 1;
  }
  out.push(bytes.subarray(from));
  return out;
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

/** Without the byte order mark of UTF-8. */
function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function count(bytes: Buffer, byte: number): number {
  let n = 0;
  for (const value of bytes) if (value === byte) n++;
  return n;
}

function readable(error: unknown, line: number): unknown {
  const code = (error as { code?: string }).code ?? '';
  if (!code.startsWith('Z_')) return error;
  const found = code === 'Z_BUF_ERROR' ? 'a gzip stream that ends early' : (error as Error).message;
  return new BadInput({ line }, 'a whole gzip file', found, 'Fetch or pack the file again');
}
