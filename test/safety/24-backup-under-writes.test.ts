import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { backupTo, checkBackup } from '../../trainer-server/store/backup.ts';
import { DATABASE_FILE, openDatabase } from '../../trainer-server/store/database.ts';
import { openStore } from '../../trainer-server/store/store.ts';
import { temporaryFolder } from '../helpers/import-here.ts';

let writer: ChildProcess;
afterAll(() => writer?.kill('SIGKILL'));

describe('a backup', () => {
  it('taken while another process writes is whole wherever it is restored, and all its counters agree', async () => {
    const dir = temporaryFolder();
    const script = join(import.meta.dirname, '../helpers/order-writer.ts');
    writer = spawn(process.execPath, ['--import', 'tsx', script, dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(writer.stdout!, 'data');
    const db = openDatabase(dir);
    const backups = [1, 2, 3, 4, 5].map((i) => {
      const file = join(temporaryFolder(), `${i}.sqlite`);
      return { file, report: backupTo(db, file) };
    });
    expect(writer.exitCode).toBeNull();
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    const counts = backups.map(({ report }) => report.rows.shop_order!);
    expect(counts[0]).toBeGreaterThan(0);
    expect(counts.at(-1)).toBeGreaterThan(counts[0]!);
    for (const { file, report } of backups) {
      const elsewhere = temporaryFolder();
      copyFileSync(file, join(elsewhere, DATABASE_FILE));
      const restored = openStore(elsewhere);
      expect(restored.orders.count('demo')).toBe(report.rows.shop_order);
      expect(restored.audit.verify()).toEqual({ rows: report.rows.audit, head: report.head });
      expect(report.rows.audit).toBe(report.rows.shop_order);
      restored.audit.add({ at: 0, site: 'demo', action: 'restored', detail: {} });
      restored.close();
    }
    db.close();
  });

  it('is not written over, and a damaged, cut or foreign one is refused', () => {
    const dir = temporaryFolder();
    const store = openStore(dir);
    for (let id = 0; id < 200; id++)
      store.orders.append('s', { id: `${id}`, received: 0, body: JSON.stringify('x'.repeat(150)) });
    store.close();
    const db = openDatabase(dir);
    const file = join(temporaryFolder(), 'b.sqlite');
    backupTo(db, file);
    expect(() => backupTo(db, file)).toThrow(/a file that is not there yet/);
    db.close();
    const damaged = `${file}.damaged`;
    const bytes = readFileSync(file);
    // The second half of every second page: content, not the header.
    for (let page = 3; page * 4096 < bytes.length; page += 2)
      bytes.fill(0xff, page * 4096, page * 4096 + 2048);
    writeFileSync(damaged, bytes);
    copyFileSync(file, `${file}.cut`);
    truncateSync(`${file}.cut`, Math.floor(bytes.length / 2));
    writeFileSync(`${file}.foreign`, 'not a database'.repeat(100));
    for (const bad of ['damaged', 'cut', 'foreign', 'missing'])
      expect(() => checkBackup(`${file}.${bad}`)).toThrow(/expected/);
    expect(checkBackup(file).rows.shop_order).toBe(200);
  });
});
