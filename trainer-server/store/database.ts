/** The database: opened here and nowhere else. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { MIGRATIONS } from './migrations.ts';

export type Db = Database.Database;

export const DATABASE_FILE = 'promo-edge.sqlite';

/** How long a statement waits for another process's write before it is refused as busy. */
const BUSY_MS = 5_000;

/** SQLite's own 2 MiB holds not even one day's indexes of a busy shop's coupons. */
const CACHE_KIB = 65_536;

/** 32 MiB of log: pages that many commits touch go to the database once. */
const CHECKPOINT_PAGES = 8_192;

/**
 * Opens the database in `dir`, which is made where it is missing, and brings its schema up to date.
 * @throws Error where the database is of a later release of promo-edge
 */
export function openDatabase(dir: string): Db {
  mkdirSync(dir, { recursive: true });
  const db = new Database(join(dir, DATABASE_FILE), { timeout: BUSY_MS });
  try {
    db.pragma('journal_mode = WAL');
    guard(db);
    db.pragma(`cache_size = -${CACHE_KIB}`);
    // What a savepoint may have to take back is kept in memory: as a file it is written with every claim.
    db.pragma('temp_store = MEMORY');
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A copy, to look at. @throws SqliteError where it is no database */
export function openCopy(file: string): Db {
  const db = new Database(file, { readonly: true });
  guard(db);
  return db;
}

function guard(db: Db): void {
  // Of the connection, not of the file: reopening a WAL database falls back to NORMAL, which may lose the last
  // acknowledged rows when the power goes.
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  // What is erased is overwritten, not only unlinked.
  db.pragma('secure_delete = ON');
}

/** IMMEDIATE takes the write lock at once: two starting processes migrate one after the other. */
function migrate(db: Db): void {
  db.transaction(() => {
    const at = db.pragma('user_version', { simple: true }) as number;
    if (at > MIGRATIONS.length) {
      throw new Error(
        `${db.name}: expected schema ${MIGRATIONS.length} or earlier, got ${at}: written by a later promo-edge; update this one`,
      );
    }
    for (const step of MIGRATIONS.slice(at)) {
      if (typeof step === 'string') db.exec(step);
      else step(db);
    }
    db.pragma(`user_version = ${MIGRATIONS.length}`);
  }).immediate();
}
