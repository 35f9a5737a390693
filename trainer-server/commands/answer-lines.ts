/** Commands that answer JSON lines with JSON lines: as many at once as have arrived, in their order. */

import { createInterface } from 'node:readline';
import { BadInput, placed, show } from '../../shared/errors.ts';
import type { Io } from './command.ts';

/** Lines answered together: enough for the networks to work in batches. */
const MOST_AT_ONCE = 64;

/**
 * Reads lines until standard input ends and prints an answer to each. What has arrived is answered at once, so that a
 * caller who waits for each answer is served too.
 * @param read one line's value; a BadInput gets its line number
 * @param answer the answers to a batch, in its order
 */
export async function answerLines<Q>(
  io: Io,
  read: (raw: unknown) => Q,
  answer: (batch: Q[]) => Promise<unknown[]>,
): Promise<void> {
  let batch: Q[] = [];
  const flush = async (): Promise<void> => {
    const asked = batch;
    batch = [];
    if (asked.length === 0) return;
    for (const line of await answer(asked)) io.out(JSON.stringify(line));
  };
  for await (const { text, number, waiting } of numberedLines(io)) {
    if (text.trim() !== '') batch.push(parse(text, number, read));
    if (batch.length >= MOST_AT_ONCE || !waiting) await flush();
  }
  await flush();
}

/** `waiting` tells whether more lines have already arrived. */
async function* numberedLines(io: Io): AsyncGenerator<{ text: string; number: number; waiting: boolean }> {
  const queue: string[] = [];
  let wake: (() => void) | undefined;
  let closed = false;
  const lines = createInterface({ input: io.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', (line) => {
    queue.push(line);
    if (queue.length > 16 * MOST_AT_ONCE) lines.pause();
    wake?.();
  });
  lines.on('close', () => {
    closed = true;
    wake?.();
  });
  const stop = (): void => lines.close();
  io.signal.addEventListener('abort', stop, { once: true });
  try {
    for (let number = 1; ; ) {
      if (queue.length === 0) {
        if (closed) return;
        lines.resume();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const text = queue.shift()!;
      yield {
        text: number === 1 ? text.replace(/^\uFEFF/, '') : text,
        number: number++,
        waiting: queue.length > 0,
      };
    }
  } finally {
    io.signal.removeEventListener('abort', stop);
    lines.close();
  }
}

function parse<Q>(text: string, line: number, read: (raw: unknown) => Q): Q {
  try {
    return read(JSON.parse(text));
  } catch (error) {
    if (error instanceof BadInput) throw placed(error, { file: 'standard input', line });
    if (error instanceof SyntaxError)
      throw new BadInput({ file: 'standard input', line }, 'one JSON value', show(text));
    throw error;
  }
}
