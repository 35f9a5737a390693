/** Who changed what a site runs, and when. */

import type { Db } from './database.ts';

export interface AuditEntry {
  at: number;
  site: string;
  action: 'publish' | 'rollback' | 'renew' | 'off';
  detail: Record<string, unknown>;
}

export interface Audit {
  add(entry: AuditEntry): void;
  /** Newest first. */
  list(site: string, limit?: number): AuditEntry[];
}

export function auditOf(db: Db): Audit {
  const insert = db.prepare('insert into audit (at, site, action, detail) values (?, ?, ?, ?)');
  const list = db.prepare(
    'select at, site, action, detail from audit where site = ? order by seq desc limit ?',
  );
  return {
    add: ({ at, site, action, detail }) => void insert.run(at, site, action, JSON.stringify(detail)),
    list: (site, limit = 50) =>
      (list.all(site, limit) as (Omit<AuditEntry, 'detail'> & { detail: string })[]).map((row) => ({
        ...row,
        detail: JSON.parse(row.detail),
      })),
  };
}
