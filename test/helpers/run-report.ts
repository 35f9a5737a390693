/** Runs a report of the command line on rows given as objects. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Report } from '../../trainer-server/reports/report.ts';

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
    const out: ReportRun['out'] = [];
    const said: string[] = [];
    const code = await report.run(
      { data: folder, ...values },
      {
        stdin: Readable.from([]),
        out: (line) => void out.push(JSON.parse(line)),
        progress: {
          stage: () => ({ update: () => undefined, end: () => undefined }),
          say: (line) => void said.push(line),
        },
        now: () => 0,
        env: {},
        signal: new AbortController().signal,
      },
    );
    return { code, out, said };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
