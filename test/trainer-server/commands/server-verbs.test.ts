import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command as approvals } from '../../../trainer-server/commands/approvals.ts';
import { command as audit } from '../../../trainer-server/commands/audit.ts';
import { command as backup } from '../../../trainer-server/commands/backup.ts';
import type { Io } from '../../../trainer-server/commands/command.ts';
import { command as coupons } from '../../../trainer-server/commands/coupons.ts';
import { command as keys } from '../../../trainer-server/commands/keys.ts';
import { command as person } from '../../../trainer-server/commands/person.ts';
import { command as publish } from '../../../trainer-server/commands/publish.ts';
import { command as rollback } from '../../../trainer-server/commands/rollback.ts';
import { command as serve } from '../../../trainer-server/commands/serve.ts';
import { command as tag } from '../../../trainer-server/commands/tag.ts';
import { command as tokens } from '../../../trainer-server/commands/tokens.ts';
import { openStore } from '../../../trainer-server/store/store.ts';
import { run, screen } from '../../helpers/command-screen.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';
import { NOW, smallBundle } from '../../helpers/served.ts';

const lastVersion = (out: string[]): string | undefined =>
  /runs release (\d+), mode (\w+)/.exec(out.at(-1)!)?.[0];

describe('tag', () => {
  it('writes the script tag with the loader’s hash, and pins the keys of the site’s root once it has one', async () => {
    const [db, sdk] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(join(sdk, 'promo-edge.js'), 'the loader');
    const hash = createHash('sha256').update('the loader').digest('base64');
    const values = { db, sdk, endpoint: 'https://t.example' };
    await expect(run(tag, values)).rejects.toThrow(/publish/);
    await run(keys, { db }, ['create']);
    const [release] = (await run(keys, { db }, ['show'])).out;
    const { out } = await run(tag, values);
    expect(out[0]).toContain(`integrity="sha256-${hash}"`);
    expect(out[0]).toContain('src="https://t.example/sdk/promo-edge.js?v=');
    expect(out[0]).toContain(
      `data-site-key="demo" data-endpoint="https://t.example" data-key="${release}"></script>`,
    );
    expect(out[2]).toContain("script-src https://t.example/sdk/promo-edge.js 'wasm-unsafe-eval'");
    await expect(run(tag, { ...values, endpoint: 'https://t.example/cdn' })).rejects.toThrow(/origin/);

    const [offline, root] = [temporaryFolder(), join(temporaryFolder(), 'root.json')];
    await run(keys, { db: offline }, ['create']);
    const [above] = (await run(keys, { db: offline }, ['show'])).out;
    await run(keys, { 'root-keys': above!, 'release-keys': release! }, ['root', root]);
    await run(keys, { key: join(offline, 'keys/release.key') }, ['sign', root]);
    await run(keys, { db }, ['adopt', root]);
    expect((await run(tag, values)).out[0]).toContain(`data-key="${above}"`);
  });
});

describe('publish, rollback, keys and serve', () => {
  it('carry a bundle to a shopper and back', async () => {
    const db = temporaryFolder();
    const one = await smallBundle('one');
    const two = await smallBundle('two');
    expect(lastVersion((await run(publish, { bundle: one.dir, db })).out)).toBe('runs release 1, mode on');
    const [shown] = (await run(keys, { db }, ['show'])).out;
    expect((await run(publish, { bundle: two.dir, db })).out[0]).toContain(`signed by ${shown}`);
    expect(lastVersion((await run(rollback, { db })).out)).toBe('runs release 3, mode on');
    expect(lastVersion((await run(publish, { db, off: true })).out)).toBe('runs release 4, mode off');

    const { io, said, stop } = screen();
    const ended = serve.run({ db, port: '0', host: '127.0.0.1', sdk: '/nowhere' }, [], io);
    while (said.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const url = /http:\S+/.exec(said[0]!)![0];
    expect(said[0]).toContain('serves release 4 of site demo');
    const { signed } = await (await fetch(`${url}/s/demo/manifest.json`)).json();
    expect(signed).toMatchObject({ version: 4, mode: 'off', files: one.manifest.files });
    stop();
    expect(await ended).toBe(0);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('refuse bad use before they make anything', async () => {
    const db = join(temporaryFolder(), 'db');
    await expect(run(publish, { bundle: '/nowhere', db })).rejects.toThrow(
      /a bundle folder with manifest.json/,
    );
    const { dir: bundle } = await smallBundle();
    await expect(run(publish, { bundle, db, canary: '2' })).rejects.toThrow(
      /--canary: expected a number from 0 to 1/,
    );
    await expect(run(publish, { bundle, db, site: '../x' })).rejects.toThrow(/--site: expected a name/);
    await expect(run(publish, { bundle })).rejects.toThrow(/--db: expected the folder of the database/);
    await expect(run(serve, { db, port: 'eighty' })).rejects.toThrow(/--port: expected a whole number/);
    await expect(run(keys, { db }, ['shuffle'])).rejects.toThrow(
      /expected create, list, show, root, sign, adopt, roots, found shuffle/,
    );
    expect(existsSync(db)).toBe(false);
  });
});

describe('keys of a root', () => {
  it('draft, collect signatures file by file, adopt and rotate', async () => {
    const [offline, db] = [temporaryFolder(), temporaryFolder()];
    const pub = (name: string): string => join(offline, 'keys', `${name}.pub`);
    for (const name of ['ann', 'bo', 'cy']) await run(keys, { db: offline }, ['create', name]);
    const { dir: bundle } = await smallBundle();
    await run(publish, { bundle, db });
    const holders = { 'root-keys': ['ann', 'bo', 'cy'].map(pub).join(','), 'root-threshold': '2' };
    const file = join(offline, 'root-1.json');
    const draft = { ...holders, 'release-keys': join(db, 'keys/release.pub') };
    const text = 'root 1, until 2028-01-01: next root by 2 of 3 keys, manifests by 1 of 1;';
    expect((await run(keys, draft, ['root', file])).out).toEqual([`${text} 0 signatures`]);
    await expect(run(keys, draft, ['root', file])).rejects.toThrow(/a new file/);
    const sign = (name: string, path = file) =>
      run(keys, { key: join(offline, 'keys', `${name}.key`) }, ['sign', path]);
    await sign('ann');
    await expect(run(keys, { db }, ['adopt', file])).rejects.toThrow(/of 2 of 3 trusted keys, got 1/);
    expect((await sign('cy')).out).toEqual([`${text} 2 signatures`]);
    expect((await run(keys, { db }, ['adopt', file])).out).toEqual([`site demo has ${text} 2 signatures`]);
    expect((await run(publish, { db, renew: true })).out[0]).toContain('under root 1');
    const next = join(offline, 'root-2.json');
    await run(keys, { from: file, 'release-keys': pub('bo') }, ['root', next]);
    for (const name of ['bo', 'cy']) await sign(name, next);
    await run(keys, { db }, ['adopt', next]);
    expect((await run(keys, { db }, ['roots'])).out).toHaveLength(2);
    await expect(run(publish, { db, renew: true })).rejects.toThrow(/release keys of root 2/);
    const key = join(offline, 'keys/bo.key');
    expect((await run(publish, { db, renew: true, key })).out[0]).toContain('under root 2');
  });

  it('refuse a key that is none, and a file that is no root', async () => {
    const file = join(temporaryFolder(), 'root.json');
    const bad = { 'root-keys': 'abc', 'release-keys': 'abc' };
    await expect(run(keys, bad, ['root', file])).rejects.toThrow(/64 hex digits or a \.pub file/);
    writeFileSync(file, '{}');
    await expect(run(keys, { db: temporaryFolder() }, ['adopt', file])).rejects.toThrow(/root\.json/);
    await expect(run(keys, {}, ['sign', '/nowhere'])).rejects.toThrow(/--key|root document/);
    await expect(run(keys, {}, ['constructor'])).rejects.toThrow(/found constructor/);
  });
});

describe('canary verbs', () => {
  it('say who runs what, promote and withdraw', async () => {
    const db = temporaryFolder();
    const [one, two] = [await smallBundle('one'), await smallBundle('two')];
    await run(publish, { bundle: one.dir, db });
    const canary = await run(publish, { bundle: two.dir, db, canary: '0.1' });
    expect(canary.out[0]).toContain('for 10 % of devices (release 1 for the others)');
    expect(lastVersion((await run(publish, { db, withdraw: true })).out)).toBe('runs release 3, mode on');
    await run(publish, { bundle: two.dir, db, canary: '0.1' });
    expect((await run(publish, { db, promote: true })).out[0]).not.toContain('% of devices');
    await expect(run(publish, { db, promote: true })).rejects.toThrow(/expected a running canary/);
  });
});

describe('tokens', () => {
  it('are shown once, listed without their secret, and revoked by id', async () => {
    const db = temporaryFolder();
    const [secret] = (await run(tokens, { db, role: 'marketer', owner: 'Ann', site: 'demo' }, ['create']))
      .out;
    expect(secret).toMatch(/^pe_[\w-]{43}$/);
    const [line] = (await run(tokens, { db }, ['list'])).out;
    expect(line).toMatch(/^[0-9a-f]{8} {2}marketer of Ann, site demo, until 2026-04-01$/);
    const id = line!.slice(0, 8);
    expect((await run(tokens, { db }, ['revoke', id])).out).toEqual([`token ${id} is revoked`]);
    expect((await run(tokens, { db }, ['list'])).out[0]).toContain('revoked 2026-01-01');
    await expect(run(tokens, { db }, ['revoke', id])).rejects.toThrow(/not revoked/);
    await expect(run(tokens, { db, role: 'king', owner: 'Ann' }, ['create'])).rejects.toThrow(
      /--role: expected one of admin, marketer, viewer, shop-server, found "king"/,
    );
  });
});

describe('approvals', () => {
  it('let a release out that one person proposed and another approved', async () => {
    const db = temporaryFolder();
    const token = async (owner: string, role: string): Promise<Io['env']> => ({
      PROMO_EDGE_TOKEN: (await run(tokens, { db, role, owner }, ['create'])).out[0],
    });
    const ann = await token('Ann', 'admin');
    const { dir: bundle } = await smallBundle();
    expect((await run(publish, { bundle, db }, [], ann)).code).toBe(0);
    const bob = await token('Bob', 'marketer');
    await expect(run(publish, { bundle, db }, [], bob)).rejects.toThrow(/waits as proposal 1 of Bob/);
    await expect(run(approvals, { db }, ['approve', '1'], bob)).rejects.toThrow(/somebody other than Bob/);
    await expect(run(approvals, { db }, ['approve', '1'])).rejects.toThrow(/PROMO_EDGE_TOKEN: expected/);
    expect((await run(approvals, { db }, ['approve', '1'], ann)).out).toEqual([
      '1  site demo, release: items to everyone, proposed by Bob, approved by Ann',
    ]);
    expect(lastVersion((await run(publish, { bundle, db }, [], bob)).out)).toBe('runs release 2, mode on');
    await expect(run(approvals, { db }, ['off'], bob)).rejects.toThrow(/a token of role admin/);
    await run(approvals, { db }, ['off'], ann);
    expect(lastVersion((await run(publish, { bundle, db })).out)).toBe('runs release 3, mode on');
  });
});

describe('audit', () => {
  it('is exported and verified, against a head that was kept elsewhere', async () => {
    const db = temporaryFolder();
    await run(tokens, { db, role: 'viewer', owner: 'Ann' }, ['create']);
    const [verified] = (await run(audit, { db }, ['verify'])).out;
    const head = /^1 rows in an unbroken chain, head ([0-9a-f]{64})$/.exec(verified!)![1]!;
    await run(tokens, { db, role: 'viewer', owner: 'Bob' }, ['create']);
    expect((await run(audit, { db, head }, ['verify'])).code).toBe(0);
    expect((await run(audit, { db, head: 'f'.repeat(64) }, ['verify'])).code).toBe(1);
    const lines = (await run(audit, { db }, ['export'])).out.map((line) => JSON.parse(line));
    expect(lines.map(({ seq, action, hash }) => [seq, action, hash === head])).toEqual([
      [1, 'token-create', true],
      [2, 'token-create', false],
    ]);
    expect((await run(audit, { db, csv: true }, ['export'])).out.length).toBe(3);
  });
});

describe('coupons preview and previews', () => {
  it('make a link, list what can be opened, and take it back', async () => {
    const db = temporaryFolder();
    const file = join(db, 'drafts.json');
    writeFileSync(file, JSON.stringify([{ id: 'draft', type: 'coupon', amount: 7 }]));
    const draft = { db, file, promotion: 'draft', slot: 'cart', shop: 'https://shop.example/sale' };
    const [link] = (await run(coupons, draft, ['preview'])).out;
    expect(link).toMatch(/^https:\/\/shop\.example\/sale#promo-edge-preview=[\w.-]+$/);
    expect((await run(coupons, { db }, ['previews'])).out).toEqual([
      `{"id":1,"slot":"cart","promotion":"draft","expires":${NOW + 86_400_000}}`,
    ]);
    expect((await run(coupons, { db, revoke: '1' }, ['previews'])).code).toBe(0);
    expect((await run(coupons, { db }, ['previews'])).out).toEqual([]);
    await expect(run(coupons, { db, revoke: '1' }, ['previews'])).rejects.toThrow(/--revoke: expected/);
    const { out } = await run(audit, { db }, ['export']);
    expect(out.join('\n')).toMatch(/preview-revoke/);
  });
});

describe('person and backup', () => {
  it('hand out, copy and erase', async () => {
    const db = temporaryFolder();
    const store = openStore(db);
    for (const id of ['1', '2']) {
      const body = JSON.stringify({ id, visitor: `v${id}` });
      store.trajectories.append('demo', { id, received: 0, body });
    }
    store.close();
    const file = join(db, 'copy.sqlite');
    expect((await run(person, { db, visitor: 'v1' }, ['export'])).out).toEqual(['{"id":"1","visitor":"v1"}']);
    expect((await run(backup, { db }, [file])).out).toContain('  trajectory 2');
    expect((await run(person, { db, visitor: 'v1' }, ['erase'])).out).toEqual([
      '{"trajectories":1,"orders":0,"coupons":0}',
    ]);
    expect((await run(person, { db, visitor: 'v1' }, ['export'])).out).toEqual([]);
    expect((await run(backup, { check: true }, [file])).out).toContain('  trajectory 2');
    await expect(run(person, { db }, ['erase'])).rejects.toThrow(/WHO: expected --visitor/);
    await expect(run(backup, { db: temporaryFolder() }, [file])).rejects.toThrow(/expected a database/);
  });
});
