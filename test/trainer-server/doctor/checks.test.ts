import { chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { type CheckContext, examine, type Finding } from '../../../trainer-server/doctor/check.ts';
import { CHECKS } from '../../../trainer-server/doctor/checks.ts';
import { packageRoot } from '../../../trainer-server/package-root.ts';
import { createKey } from '../../../trainer-server/release/keys.ts';
import { DATABASE_FILE } from '../../../trainer-server/store/database.ts';
import { openStore } from '../../../trainer-server/store/store.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

async function check(name: string, context: Partial<CheckContext> = {}): Promise<Finding> {
  const whole = { env: {}, node: '20.19.0', root: packageRoot(), ports: [], ...context };
  const [finding] = await examine(
    CHECKS.filter((entry) => entry.name === name),
    whole,
  );
  return finding!;
}

describe('doctor', () => {
  it('fails on a Node that is older than package.json allows, by number and not by text', async () => {
    expect((await check('node', { node: '20.19.0' })).level).toBe('ok');
    expect((await check('node', { node: '100.0.0' })).level).toBe('ok');
    expect(await check('node', { node: '20.9.0' })).toMatchObject({
      level: 'fail',
      fix: 'install Node >=20.19',
    });
    expect((await check('node', { node: '9.99.0' })).level).toBe('fail');
  });

  it('loads the native modules', async () => {
    for (const name of ['better-sqlite3', 'duckdb', 'onnxruntime-node']) {
      expect(['ok', 'warn']).toContain((await check(name)).level);
    }
  });

  it('warns of a port that is in use, and says which', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, 'localhost', () => resolve((server.address() as { port: number }).port));
    });
    expect(await check('ports', { ports: [port] })).toMatchObject({ level: 'warn', text: `in use: ${port}` });
    await new Promise((done) => server.close(done));
    expect((await check('ports', { ports: [port] })).level).toBe('ok');
  });

  it('fails on a private key that others may read', async () => {
    const db = temporaryFolder();
    expect((await check('keys', { db })).level).toBe('warn');
    createKey(join(db, 'keys'));
    expect(await check('keys', { db })).toMatchObject({ level: 'ok', text: 'release' });
    chmodSync(join(db, 'keys/release.key'), 0o644);
    expect((await check('keys', { db })).level).toBe('fail');
  });

  it('fails on an audit log that was tampered with, and names the row', async () => {
    const db = temporaryFolder();
    expect(await check('audit', { db })).toEqual({ name: 'audit', level: 'ok', text: 'no database yet' });
    const store = openStore(db);
    for (const at of [1, 2]) store.audit.add({ at, site: 's', action: 'publish', detail: {} });
    expect((await check('audit', { db })).text).toBe(
      `2 rows in an unbroken chain, head ${store.audit.head()}`,
    );
    store.close();
    const file = new Database(join(db, DATABASE_FILE));
    file.exec('drop trigger audit_no_update; update audit set at = 0 where seq = 2');
    file.close();
    expect(await check('audit', { db })).toMatchObject({
      level: 'fail',
      text: 'broken at row 2: row 2 is not what was hashed',
    });
  });

  it('turns a check that throws into a failure with advice', async () => {
    const broken = {
      name: 'x',
      run: () => {
        throw new Error('no such module\nstack');
      },
    };
    const [finding] = await examine([broken], { env: {}, node: '', root: '', ports: [] });
    expect(finding).toMatchObject({ name: 'x', level: 'fail', text: 'no such module' });
    expect(finding!.fix).toContain('npm ci');
  });

  it('warns where PROMO_EDGE_CHROMIUM names nothing', async () => {
    expect(await check('chromium', { env: { PROMO_EDGE_CHROMIUM: '/nowhere' } })).toMatchObject({
      level: 'warn',
    });
  });
});
