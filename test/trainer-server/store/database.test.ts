import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { DATABASE_FILE, openDatabase } from '../../../trainer-server/store/database.ts';
import { openStore } from '../../../trainer-server/store/store.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

describe('the database', () => {
  it('is durable on every connection, the second and a reopened one too', () => {
    const dir = temporaryFolder();
    const first = openDatabase(dir);
    const second = openDatabase(dir);
    first.close();
    const third = openDatabase(dir);
    for (const db of [second, third]) {
      expect(db.pragma('synchronous', { simple: true })).toBe(2);
      expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
      expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
      db.close();
    }
  });

  it('refuses a database of a later release instead of misreading it', () => {
    const dir = temporaryFolder();
    openDatabase(dir).close();
    const later = new Database(join(dir, DATABASE_FILE));
    later.pragma('user_version = 999');
    later.close();
    expect(() => openDatabase(dir)).toThrow(/got 999: written by a later promo-edge/);
  });

  it('refuses a release whose file is not stored', () => {
    const store = openStore(temporaryFolder());
    const manifest = JSON.stringify({ signed: { files: [{ sha256: 'a'.repeat(64) }] } });
    const publish = () => store.releases.publish({ site: 's', version: 1, manifest, published: 0 });
    expect(() => store.transaction(publish)).toThrow(/FOREIGN KEY/);
    expect(store.releases.running('s')).toBeUndefined();
  });

  it('keeps the first of two log lines with the same id', () => {
    const { trajectories } = openStore(temporaryFolder());
    expect(trajectories.append('s', { id: '1', received: 1, body: '"a"' })).toBe(true);
    expect(trajectories.append('s', { id: '1', received: 2, body: '"b"' })).toBe(false);
    expect(trajectories.append('t', { id: '1', received: 3, body: '"c"' })).toBe(true);
    expect([...trajectories.lines('s')]).toEqual([{ id: '1', received: 1, body: '"a"' }]);
  });
});
