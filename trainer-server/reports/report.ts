/** What a report of the command line is. Each lives with the part of the trainer it reports on; index.ts lists them. */

import type { ParseArgsConfig } from 'node:util';
import type { Io, OptionValues } from '../commands/command.ts';

export interface Report {
  name: string;
  /** One line for the list of reports. */
  summary: string;
  /** The options it reads, beside `--data` and `--seed`, a line each as --help shows them. */
  help: string;
  options: NonNullable<ParseArgsConfig['options']>;
  /** @returns the exit code: 0, or 1 where the evidence is too thin for any answer. @throws BadInput for bad use */
  run(values: OptionValues, io: Io): Promise<number>;
}
