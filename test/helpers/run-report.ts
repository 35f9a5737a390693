/** Runs a report of the command line on rows given as objects. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../trainer-server/reports/report.ts';
import { capturedIo } from './captured-io.ts';

export interface ReportRun {
  code: number;
  out: Record<string, unknown>[];
  /** What was said in words. */
  said: string[];
}

/** @param files rows by file name, such as `decisions.jsonl` */
export async function runReport(
  report: Report,
  files: Readonly<Record<string, readonly object[]>>,
  values: Record<string, string> = {},
): Promise<ReportRun> {
  const folder = await mkdtemp(join(tmpdir(), 'report-'));
  try {
    for (const [name, rows] of Object.entries(files))
      await writeFile(join(folder, name), rows.map((row) => JSON.stringify(row)).join('\n'));
    const { io, out, said } = capturedIo();
    const code = await report.run({ data: folder, ...values }, io);
    return { code, out, said };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
