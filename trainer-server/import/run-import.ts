/** `import`, whole: read what is there, read the source, clean, write beside, put in place. */

import { appendFile, mkdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInput } from '../../shared/errors.ts';
import { openDuckDb } from '../dataset/duckdb.ts';
import { CLEANING, type CleaningSettings, runStage } from '../dataset/stages.ts';
import type { Progress } from '../progress.ts';
import { cleanEvents } from './clean.ts';
import { readExistingFolder } from './existing-folder.ts';
import type { ImportContext, Importer, SourceFile } from './importer.ts';
import { keepPrices, PRICE_HISTORY } from './keep-prices.ts';
import { withFolderLock } from './lock.ts';
import { emptyReport, type QualityReport } from './quality.ts';
import { openRejects, type Rejects } from './rejects.ts';
import { openStaging, type Staging } from './staging.ts';
import { writeFolder } from './write-folder.ts';

export interface ImportOptions {
  importer: Importer;
  files: readonly string[];
  /** The data folder: made, or added to. */
  dir: string;
  /** Where refused rows go; in the folder, added to, where absent. */
  rejects?: string;
  /** For sources that hold several sites. */
  site?: string;
  settings?: Partial<CleaningSettings>;
  progress: Progress;
  /** Epoch milliseconds. */
  now: number;
  signal: AbortSignal;
}

const DAY = 24 * 3_600_000;

/**
 * Imports files into a data folder. Until everything is read and cleaned nothing there changes.
 * @throws BadInput naming file, line and field where the source as a whole cannot be read
 */
export async function runImport(options: ImportOptions): Promise<QualityReport> {
  const files = await Promise.all(options.files.map(sourceFile));
  return withFolderLock(options.dir, async (work) => {
    const report = emptyReport(options.importer.format, options.now);
    const rejects = openRejects(join(work, 'rejects.jsonl'));
    const engine = await openDuckDb(work);
    try {
      await runStage(engine, '00-tables');
      const staging = await openStaging(engine, options.importer.shop ?? {});
      const context: ImportContext = {
        sink: staging,
        engine,
        reject: (error, text) => rejects.add(error, text),
        report,
        ...(options.site === undefined ? {} : { site: options.site }),
        progress: options.progress,
        signal: options.signal,
      };
      await load(options, files, staging, context);
      const settings = { ...CLEANING, latest: options.now + DAY, ...options.settings };
      await cleanEvents(context, settings);
      await countMerged(context, staging);
      const out = join(work, 'out');
      await mkdir(out);
      report.written = await writeFolder(out, engine, staging, settings);
      const prices = await keepPrices(options.dir, out, staging.currency, options.now);
      if (prices !== undefined) report.written[PRICE_HISTORY] = prices;
      await putInPlace(options, out, report, rejects);
      return report;
    } finally {
      rejects.close();
      engine.close();
    }
  });
}

async function load(
  { importer, dir }: ImportOptions,
  files: readonly SourceFile[],
  staging: Staging,
  context: ImportContext,
): Promise<void> {
  await readExistingFolder(dir, staging);
  staging.oldRowsDone();
  await importer.run(files, context);
  staging.close();
}

async function sourceFile(path: string): Promise<SourceFile> {
  let found: Awaited<ReturnType<typeof stat>>;
  try {
    found = await stat(path);
  } catch {
    throw new BadInput({ file: path }, 'a file to import', 'nothing there');
  }
  if (!found.isFile())
    throw new BadInput({ file: path }, 'a file to import', 'a folder', 'Name the files in it');
  if (found.size === 0) throw new BadInput({ file: path }, 'at least one row', 'an empty file');
  return { path, bytes: Number(found.size) };
}

/** Rows that took the place of an earlier one of the same key. */
async function countMerged({ engine, report }: ImportContext, staging: Staging): Promise<void> {
  const keys = { product: 'sku', decision: 'id', pair: 'body', judgement: 'body' } as const;
  for (const [kind, key] of Object.entries(keys)) {
    if (staging.added[kind as keyof typeof keys] === 0) continue;
    const rows = await engine.number(`select count(*) from ${kind}`);
    const kept = await engine.number(`select count(distinct ${key}) from ${kind}`);
    report.stages.push({
      stage: `merge ${kind}s by ${key === 'body' ? 'content' : key}`,
      unit: 'rows',
      in: rows,
      out: kept,
      removed: { 'replaced by a later row': rows - kept },
    });
  }
}

/** Each file replaces its elder in one step; a killed import leaves the old file or the new one. */
async function putInPlace(
  { dir, rejects: wanted }: ImportOptions,
  out: string,
  report: QualityReport,
  rejects: Rejects,
): Promise<void> {
  rejects.close();
  report.rejected = rejects.count;
  if (rejects.count > 0) {
    report.rejectsFile = wanted ?? join(dir, 'rejects.jsonl');
    const rows = await readFile(join(out, '../rejects.jsonl'));
    if (wanted === undefined) await appendFile(report.rejectsFile, rows);
    else await writeFile(wanted, rows);
  }
  for (const name of Object.keys(report.written)) {
    await rename(join(out, name), join(dir, name));
    // The same rows are in the new file.
    await unlink(join(dir, `${name}.gz`)).catch(() => undefined);
  }
  await writeFile(join(out, 'quality.json'), `${JSON.stringify(report, null, 2)}\n`);
  await rename(join(out, 'quality.json'), join(dir, 'quality.json'));
}
