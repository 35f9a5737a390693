/** The audit log becomes a hash chain that only grows; rows from before are chained as they stand. */

import { type AuditRow, auditHash, BEFORE_THE_FIRST } from '../audit-hash.ts';
import type { Db } from '../database.ts';

/** `insert or replace` deletes without firing delete triggers, so an insert must be the next row and nothing else. */
const APPEND_ONLY = `
  create trigger audit_next before insert on audit
  when new.seq is not (select coalesce(max(seq), 0) + 1 from audit)
    or new.previous is not coalesce((select hash from audit order by seq desc limit 1), '${BEFORE_THE_FIRST}')
  begin select raise(abort, 'the audit log only grows at its end'); end;
  create trigger audit_no_update before update on audit
  begin select raise(abort, 'the audit log is append only'); end;
  create trigger audit_no_delete before delete on audit
  begin select raise(abort, 'the audit log is append only'); end;
`;

export function chainAudit(db: Db): void {
  db.exec(`
    alter table audit rename to audit_unchained;
    create table audit (
      -- Its counter in sqlite_sequence outlives rows that were cut off at the end.
      seq integer primary key autoincrement,
      at integer not null,
      site text not null,
      who text not null,
      action text not null,
      detail text not null,
      previous text not null check (length(previous) = 64),
      hash text not null unique check (length(hash) = 64)
    ) strict;
    create index audit_of_site on audit (site, seq);
  `);
  const insert = db.prepare(
    'insert into audit (seq, at, site, who, action, detail, previous, hash) values (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const earlier = db.prepare('select at, site, action, detail from audit_unchained order by seq').all();
  let previous = BEFORE_THE_FIRST;
  for (const [index, row] of (earlier as Omit<AuditRow, 'seq' | 'who' | 'previous'>[]).entries()) {
    const chained: AuditRow = { ...row, seq: index + 1, who: 'not recorded', previous };
    const hash = auditHash(chained);
    insert.run(chained.seq, row.at, row.site, chained.who, row.action, row.detail, previous, hash);
    previous = hash;
  }
  db.exec('drop table audit_unchained');
  db.exec(APPEND_ONLY);
}
