/** The streams of a command, kept: what it prints as JSON lines, and what it says in words. */

import { Readable } from 'node:stream';
import type { Io } from '../../trainer-server/commands/command.ts';

export interface CapturedIo {
  io: Io;
  out: Record<string, unknown>[];
  said: string[];
}

/** @param input its standard input */
export function capturedIo(input = ''): CapturedIo {
  const out: CapturedIo['out'] = [];
  const said: string[] = [];
  const io: Io = {
    stdin: Readable.from(input === '' ? [] : [Buffer.from(input)]),
    out: (line) => void out.push(JSON.parse(line)),
    progress: {
      stage: () => ({ update: () => undefined, end: () => undefined }),
      say: (line) => void said.push(line),
    },
    now: () => 0,
    env: {},
    signal: new AbortController().signal,
  };
  return { io, out, said };
}
