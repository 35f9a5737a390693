/** `evaluate` on rows of decisions.jsonl and one target for all of them. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../../trainer-server/commands/evaluate.ts';
import type { BrokenLog } from './broken-logs.ts';
import { capturedIo } from './captured-io.ts';

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
  const ids = new Set(rows.map(({ id }) => id));
  const lines = [...ids].map((id) => ({ id, probabilities: { none, gift, ten } }));
  await writeFile(join(folder, 'decisions.jsonl'), jsonl(rows));
  await writeFile(join(folder, 'target.jsonl'), jsonl(lines));
  const { io, out, said } = capturedIo();
  await command.run({ data: folder, target: join(folder, 'target.jsonl'), ...values }, [], io);
  return { out: out as unknown as EstimateLine[], said: said.join('\n') };
}

export const isInWords = ({ value, low, high, refused }: EstimateLine): boolean =>
  value === null && low === null && high === null && refused !== undefined && refused.length > 20;
