/** Rows that were refused, as JSON lines: where, what was expected, what was found, and the row itself. */

import { closeSync, openSync, writeSync } from 'node:fs';
import type { BadInput } from '../../shared/errors.ts';

export interface Rejects {
  readonly count: number;
  add(error: BadInput, text: string): void;
  close(): void;
}

const BUFFER = 64 * 1024;

/** Writes to `path`, which is made with the first rejected row. Writes block, so memory stays bounded. */
export function openRejects(path: string): Rejects {
  let file: number | undefined;
  let held = '';
  let count = 0;
  const flush = (): void => {
    if (held === '') return;
    file ??= openSync(path, 'w');
    writeSync(file, held);
    held = '';
  };
  return {
    get count() {
      return count;
    },
    add(error, text) {
      count++;
      held += `${JSON.stringify({ ...error.place, expected: error.expected, found: error.found, row: text })}\n`;
      if (held.length > BUFFER) flush();
    },
    close() {
      flush();
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
