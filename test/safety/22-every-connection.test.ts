import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backupTo } from '../../trainer-server/store/backup.ts';
import { type Db, openCopy, openDatabase } from '../../trainer-server/store/database.ts';
import { temporaryFolder } from '../helpers/import-here.ts';

const ROOT = join(import.meta.dirname, '../../trainer-server');
const setting = (db: Db, name: string): unknown => db.pragma(name, { simple: true });

describe('every connection to the database', () => {
  it('has synchronous=FULL and foreign keys, the first, the second, a reopened one and one to a copy', () => {
    const dir = temporaryFolder();
    const first = openDatabase(dir);
    const second = openDatabase(dir);
    const copy = join(temporaryFolder(), 'copy.sqlite');
    backupTo(second, copy);
    first.close();
    const reopened = openDatabase(dir);
    const connections = [second, reopened, openCopy(copy)];
    for (const db of connections) {
      expect(['synchronous', 'foreign_keys', 'secure_delete'].map((name) => setting(db, name))).toEqual([
        2, 1, 1,
      ]);
      db.close();
    }
  });

  it('is opened in store/database.ts and nowhere else, but for a look at the library itself', () => {
    const opening = readdirSync(ROOT, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => /new Database\((?!':memory:')/.test(readFileSync(path, 'utf8')));
    expect(opening).toEqual([join(ROOT, 'store/database.ts')]);
  });

  it('refuses a row that points nowhere', () => {
    const db = openDatabase(temporaryFolder());
    expect(() => db.exec("insert into channel (site, release) values ('s', 1)")).toThrow(/FOREIGN KEY/);
    db.close();
  });
});
