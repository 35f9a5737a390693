/** `evaluate` on rows of decisions.jsonl and one target for all of them. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { command } from '../../trainer-server/commands/evaluate.ts';
import type { BrokenLog } from './broken-logs.ts';

export interface EstimateLine {
  estimator: string;
  value: number | null;
  low: number | null;
  high: number | null;
  refused?: string;
  flags?: string[];
  ess: number;
  overlap: number;
}

const jsonl = (rows: object[]) => rows.map((row) => JSON.stringify(row)).join('\n');

/** @param folder an empty one of its own */
export async function evaluateRows(
  folder: string,
  { rows, target }: Omit<BrokenLog, 'name'>,
  values: Record<string, string> = {},
) {
  const [none, gift, ten] = target;
  const lines = rows.map(({ id }) => ({ id, probabilities: { none, gift, ten } }));
  await writeFile(join(folder, 'decisions.jsonl'), jsonl(rows));
  await writeFile(join(folder, 'target.jsonl'), jsonl(lines));
  const out: EstimateLine[] = [];
  const said: string[] = [];
  await command.run({ data: folder, target: join(folder, 'target.jsonl'), ...values }, [], {
    stdin: Readable.from([]),
    out: (line) => void out.push(JSON.parse(line)),
    progress: {
      stage: () => ({ update: () => undefined, end: () => undefined }),
      say: (line) => void said.push(line),
    },
    now: () => 0,
    env: {},
    signal: new AbortController().signal,
  });
  return { out, said: said.join('\n') };
}

export const isInWords = ({ value, low, high, refused }: EstimateLine): boolean =>
  value === null && low === null && high === null && refused !== undefined && refused.length > 20;
