/** Who changed what a site runs, and when: a log that only grows, each row's hash covering the one before. */

import { type AuditRow, auditHash, BEFORE_THE_FIRST } from './audit-hash.ts';
import type { Db } from './database.ts';

/** Acts that concern every site, such as making a token. */
export const EVERY_SITE = '*';

/** Whoever works at the machine's own command line, without a token. */
export const COMMAND_LINE = 'command line';

export interface AuditEntry {
  /** Epoch ms. */
  at: number;
  site: string;
  /** Owner of the token that was shown; `COMMAND_LINE` where absent. */
  who?: string;
  action: string;
  /** What was done. Never a shopper's data: rows stay for ever. */
  detail: Record<string, unknown>;
}

export interface ChainedEntry extends Required<AuditEntry> {
  seq: number;
  previous: string;
  hash: string;
}

/** The whole chain holds, or the first row that does not. */
export type ChainState = { rows: number; head: string } | { broken: number; why: string };

export interface Audit {
  add(entry: AuditEntry): void;
  /** Newest first. */
  list(site: string, limit?: number): ChainedEntry[];
  /** Every row, oldest first. */
  rows(): IterableIterator<ChainedEntry>;
  /** Hash of the last row: kept elsewhere, it proves later that nothing before it has changed. */
  head(): string;
  verify(): ChainState;
}

type StoredRow = AuditRow & { hash: string };

const COLUMNS = 'seq, at, site, who, action, detail, previous, hash';

export function auditOf(db: Db): Audit {
  const insert = db.prepare(`insert into audit (${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)`);
  const last = db.prepare('select seq, hash from audit order by seq desc limit 1');
  const list = db.prepare(`select ${COLUMNS} from audit where site = ? order by seq desc limit ?`);
  const all = db.prepare(`select ${COLUMNS} from audit order by seq`);
  const counter = db.prepare("select seq from sqlite_sequence where name = 'audit'").pluck();
  const end = (): { seq: number; hash: string } =>
    (last.get() as { seq: number; hash: string } | undefined) ?? { seq: 0, hash: BEFORE_THE_FIRST };
  const append = db.transaction(({ at, site, who = COMMAND_LINE, action, detail }: AuditEntry) => {
    const { seq, hash: previous } = end();
    const row: AuditRow = { seq: seq + 1, at, site, who, action, detail: JSON.stringify(detail), previous };
    insert.run(row.seq, at, site, who, action, row.detail, previous, auditHash(row));
  });
  return {
    add: (entry) => append.immediate(entry),
    list: (site, limit = 50) => (list.all(site, limit) as StoredRow[]).map(toEntry),
    *rows() {
      for (const row of all.iterate() as IterableIterator<StoredRow>) yield toEntry(row);
    },
    head: () => end().hash,
    verify: () => verifyChain(all.iterate() as IterableIterator<StoredRow>, (counter.get() as number) ?? 0),
  };
}

/** @param counted rows ever appended, which the database counts by itself */
function verifyChain(rows: Iterable<StoredRow>, counted: number): ChainState {
  let seq = 0;
  let head = BEFORE_THE_FIRST;
  for (const row of rows) {
    seq++;
    if (row.seq !== seq) return { broken: seq, why: `row ${seq} is missing` };
    if (row.previous !== head) return { broken: seq, why: `row ${seq} does not follow the row before it` };
    if (auditHash(row) !== row.hash) return { broken: seq, why: `row ${seq} is not what was hashed` };
    head = row.hash;
  }
  if (counted > seq) return { broken: seq + 1, why: `rows ${seq + 1} to ${counted} were cut off at the end` };
  return { rows: seq, head };
}

function toEntry({ detail, ...row }: StoredRow): ChainedEntry {
  return { ...row, detail: JSON.parse(detail) as Record<string, unknown> };
}
