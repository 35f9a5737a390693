/** Runs an import of texts given in a test, in a temporary folder, and reads back what it wrote. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IMPORTERS } from '../../trainer-server/import/index.ts';
import type { QualityReport } from '../../trainer-server/import/quality.ts';
import { runImport } from '../../trainer-server/import/run-import.ts';
import { SILENT } from '../../trainer-server/progress.ts';

// biome-ignore lint/suspicious/noExplicitAny: rows of files, whose fields each test knows
export type Row = any;

export interface Imported {
  report: QualityReport;
  /** Rows of a line file of the data folder; none where it was not written. */
  rows(name: string): Row[];
  rejects: Row[];
  dir: string;
}

const NOW = Date.UTC(2026, 0, 1);

const made: string[] = [];
process.on('exit', () => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

/** A folder that is gone when the test file ends. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'promo-edge-test-'));
  made.push(dir);
  return dir;
}

/** @param files by name, in the order of the command line; bytes or text */
export async function importHere(
  format: string,
  files: Record<string, string | Uint8Array>,
  dir = join(temporaryFolder(), 'data'),
): Promise<Imported> {
  const source = temporaryFolder();
  const paths = Object.entries(files).map(([name, content]) => {
    writeFileSync(join(source, name), content);
    return join(source, name);
  });
  const importer = IMPORTERS.find((entry) => entry.format === format)!;
  const rejects = join(source, 'rejects.jsonl');
  const signal = new AbortController().signal;
  const report = await runImport({
    importer,
    files: paths,
    dir,
    rejects,
    progress: SILENT,
    now: NOW,
    signal,
  });
  return { report, rows: (name) => readRows(join(dir, name)), rejects: readRows(rejects), dir };
}

export function readRows(path: string): Row[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Every stage's rows in are its rows out and its removed ones. */
export function balances(report: QualityReport): boolean {
  return report.stages.every(
    (stage) => stage.in === stage.out + Object.values(stage.removed).reduce((sum, n) => sum + n, 0),
  );
}
