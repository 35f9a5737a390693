import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { DATABASE_FILE } from '../../../trainer-server/store/database.ts';
import { MIGRATIONS } from '../../../trainer-server/store/migrations.ts';
import { openStore, type Store } from '../../../trainer-server/store/store.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

function withThree(): Store {
  const store = openStore(temporaryFolder());
  for (const at of [1, 2, 3]) {
    store.audit.add({ at, site: 's', who: 'Ann', action: 'publish', detail: { version: at } });
  }
  return store;
}

/** As somebody with the file and no respect for triggers. */
function tamper(store: Store, statement: string): void {
  const db = new Database(join(store.dir, DATABASE_FILE));
  for (const { name } of db.prepare("select name from sqlite_master where type = 'trigger'").all() as {
    name: string;
  }[]) {
    db.exec(`drop trigger ${name}`);
  }
  db.exec(statement);
  db.close();
}

describe('the audit log', () => {
  it('chains each row to the one before by SHA-256 of its canonical JSON', () => {
    const [, second] = [...withThree().audit.rows()];
    const text = `{"action":"publish","at":2,"detail":"{\\"version\\":2}","previous":"${second!.previous}","seq":2,"site":"s","who":"Ann"}`;
    expect(second!.hash).toBe(createHash('sha256').update(text).digest('hex'));
    const { audit } = withThree();
    expect(audit.verify()).toEqual({ rows: 3, head: audit.head() });
    expect([...audit.rows()][0]!.previous).toBe('0'.repeat(64));
  });

  it('lets no statement change, remove, replace or insert before the end', () => {
    const store = withThree();
    const db = new Database(join(store.dir, DATABASE_FILE));
    const [first] = [...store.audit.rows()];
    const values = `'x', 'x', 'x', '{}', '${first!.previous}', '${'a'.repeat(64)}'`;
    for (const statement of [
      "update audit set who = 'nobody'",
      'delete from audit where seq = 3',
      `insert or replace into audit values (1, 1, ${values})`,
      `insert or replace into audit values (3, 1, ${values})`,
      `insert into audit values (9, 1, ${values})`,
      `insert into audit values (4, 1, ${values})`,
    ]) {
      expect(() => db.exec(statement)).toThrow(/append only|only grows/);
    }
    db.close();
    expect(store.audit.verify()).toMatchObject({ rows: 3 });
  });

  it('names the first row that was changed, removed, swapped or cut off', () => {
    for (const [statement, broken, why] of [
      ["update audit set who = 'nobody' where seq = 2", 2, 'row 2 is not what was hashed'],
      ['update audit set at = 9', 1, 'row 1 is not what was hashed'],
      ['delete from audit where seq = 1', 1, 'row 1 is missing'],
      ['delete from audit where seq = 2', 2, 'row 2 is missing'],
      ['delete from audit where seq > 1', 2, 'rows 2 to 3 were cut off at the end'],
      [`update audit set previous = '${'1'.repeat(64)}' where seq = 3`, 3, 'row 3 does not follow'],
    ] as const) {
      const store = withThree();
      tamper(store, statement);
      const state = store.audit.verify();
      expect(state).toMatchObject({ broken });
      expect((state as { why: string }).why).toContain(why);
    }
  });

  it('chains the rows that an earlier release wrote', () => {
    const dir = temporaryFolder();
    const old = new Database(join(dir, DATABASE_FILE));
    old.exec(MIGRATIONS[0] as string);
    old.pragma('user_version = 1');
    old.exec(`insert into audit (at, site, action, detail) values (5, 's', 'publish', '{"version":1}')`);
    old.close();
    const { audit } = openStore(dir);
    audit.add({ at: 6, site: 's', action: 'rollback', detail: { version: 2 } });
    expect(audit.verify()).toMatchObject({ rows: 2 });
    expect(audit.list('s').map(({ at, who, action }) => [at, who, action])).toEqual([
      [6, 'command line', 'rollback'],
      [5, 'not recorded', 'publish'],
    ]);
  });
});
