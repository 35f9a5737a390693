/** Copies of the database that can be trusted: taken while the server writes, and looked through before they count. */

import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { BadInput } from '../../shared/errors.ts';
import { auditOf } from './audit.ts';
import { type Db, openCopy } from './database.ts';

export interface BackupReport {
  bytes: number;
  /** Rows by table. */
  rows: Record<string, number>;
  /** Head of the audit chain. */
  head: string;
}

/**
 * `vacuum into` reads one snapshot: writers go on, and nothing that they write can start it over, as it would the
 * page-by-page backup. What was erased is in no free page of the copy.
 * @throws BadInput where the file exists: the last good backup is not written over
 */
export function backupTo(db: Db, file: string): BackupReport {
  if (existsSync(file)) throw new BadInput({ file }, 'a file that is not there yet', 'one');
  const part = `${file}.part`;
  rmSync(part, { force: true });
  try {
    db.prepare('vacuum into ?').run(part);
    const report = checkBackup(part);
    const written = openSync(part, 'r+');
    fsyncSync(written);
    closeSync(written);
    renameSync(part, file);
    return report;
  } finally {
    rmSync(part, { force: true });
  }
}

/** @throws BadInput where it is no whole database, a reference leads nowhere, or the audit chain is broken */
export function checkBackup(file: string): BackupReport {
  const refuse = (expected: string, found: string): BadInput => new BadInput({ file }, expected, found);
  if (!existsSync(file)) throw refuse('a backup', 'nothing');
  let db: Db | undefined;
  try {
    db = openCopy(file);
    const faults = (db.pragma('integrity_check') as { integrity_check: string }[]).flatMap(Object.values);
    if (faults.join() !== 'ok') throw refuse('a whole database', faults.slice(0, 3).join('; '));
    const orphans = db.pragma('foreign_key_check') as { table: string }[];
    if (orphans.length > 0) throw refuse('no reference that leads nowhere', `one in ${orphans[0]!.table}`);
    const chain = auditOf(db).verify();
    if ('broken' in chain) throw refuse('an unbroken audit chain', chain.why);
    const pages = db.pragma('page_count', { simple: true }) as number;
    const size = db.pragma('page_size', { simple: true }) as number;
    return { bytes: pages * size, rows: rowsByTable(db), head: chain.head };
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('SQLITE_') !== true) throw error;
    throw refuse('a database of promo-edge', (error as Error).message);
  } finally {
    db?.close();
  }
}

function rowsByTable(db: Db): Record<string, number> {
  const tables = db
    .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name")
    .pluck()
    .all() as string[];
  return Object.fromEntries(
    tables.map((name) => [name, db.prepare(`select count(*) from "${name}"`).pluck().get() as number]),
  );
}
