/** Commands as a terminal runs them, with what they print kept. */

import { Readable } from 'node:stream';
import type { Command, Io, OptionValues } from '../../trainer-server/commands/command.ts';
import { SILENT } from '../../trainer-server/progress.ts';
import { NOW } from './served.ts';

export interface Screen {
  io: Io;
  out: string[];
  said: string[];
  stop(): void;
}

export function screen(): Screen {
  const out: string[] = [];
  const said: string[] = [];
  const abort = new AbortController();
  const io: Io = {
    stdin: Readable.from([]),
    out: (line) => void out.push(line),
    progress: { ...SILENT, say: (text) => void said.push(text) },
    now: () => NOW,
    env: {},
    signal: abort.signal,
  };
  return { io, out, said, stop: () => abort.abort() };
}

/** One command, run to its end. */
export async function run(
  command: Command,
  values: OptionValues,
  positionals: string[] = [],
  env: Io['env'] = {},
): Promise<{ code: number; out: string[] }> {
  const { io, out } = screen();
  io.env = env;
  return { code: await command.run(values, positionals, io), out };
}
