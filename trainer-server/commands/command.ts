/** What a verb of the command line is. Each lives in a file of its own; index.ts is their ordered list. */

import type { Readable } from 'node:stream';
import type { ParseArgsConfig } from 'node:util';
import type { Progress } from '../progress.ts';

export interface Io {
  stdin: Readable;
  /** A line of standard output. */
  out(line: string): void;
  progress: Progress;
  /** Epoch milliseconds. */
  now(): number;
  env: Record<string, string | undefined>;
  /** Aborted on SIGINT and SIGTERM: finish cleanly. */
  signal: AbortSignal;
}

export type OptionValues = Record<string, string | boolean | (string | boolean)[] | undefined>;

export interface Command {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** The text of --help. */
  help: string;
  options: NonNullable<ParseArgsConfig['options']>;
  /** @returns the exit code: 0, or 1 where it ran and failed. Bad use is a BadInput (exit 2). */
  run(values: OptionValues, positionals: string[], io: Io): Promise<number>;
}
