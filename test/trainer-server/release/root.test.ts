import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createKey } from '../../../trainer-server/release/keys.ts';
import { publishBundle, republish } from '../../../trainer-server/release/publish.ts';
import { renewDue } from '../../../trainer-server/release/renew.ts';
import { adoptRoot, draftRoot, readRoot, signRoot } from '../../../trainer-server/release/root.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';
import { NOW, serveStore, signing, smallBundle } from '../../helpers/served.ts';

const DAY = 86_400_000;

/** Two of three holders, and a server whose release key they name. */
async function withRoot() {
  const offline = temporaryFolder();
  const holders = ['ann', 'bo', 'cy'].map((name) => createKey(offline, name));
  const server = signing();
  const keys = holders.map(({ publicKey }) => publicKey);
  const change = {
    root: { keys, threshold: 2 },
    release: { keys: [server.key.publicKey] },
    expiresDays: 365,
    now: NOW,
  };
  const draft = draftRoot(change);
  const first = signRoot(signRoot(draft, holders[0]!), holders[2]!);
  const { store } = server;
  const adopt = (document = first) => adoptRoot(document, { store, site: 'demo', now: NOW });
  return { ...server, offline, holders, draft, first, adopt };
}

describe('a root', () => {
  it('is adopted once enough holders have signed it, each on a machine of its own', async () => {
    const { draft, first, holders, adopt, store } = await withRoot();
    await expect(adopt(signRoot(draft, holders[1]!))).rejects.toThrow(
      /signatures of 2 of 3 trusted keys, got 1/,
    );
    await adopt(readRoot(JSON.stringify(first), 'root.json'));
    expect(store.roots.current('demo')).toEqual(first);
    expect(store.audit.list('demo')[0]).toMatchObject({ action: 'root', detail: { version: 1 } });
  });

  it('counts a holder once who signs twice', async () => {
    const { draft, holders, adopt } = await withRoot();
    const twice = signRoot(signRoot(draft, holders[0]!), holders[0]!);
    expect(twice.signatures).toHaveLength(1);
    await expect(adopt(twice)).rejects.toThrow(/got 1/);
  });

  it('binds manifests signed from then on, and travels with them', async () => {
    const { adopt, options, first } = await withRoot();
    const before = JSON.parse((await publishBundle(await smallBundle(), options)).manifest);
    expect(before.signed.rootVersion).toBeUndefined();
    await adopt();
    const after = JSON.parse(republish({ action: 'renew' }, options).manifest);
    expect(after.signed.rootVersion).toBe(1);
    expect(after.root).toEqual(first);
  });

  it('keeps a key that it does not name from signing', async () => {
    const { adopt, options, offline, store, key } = await withRoot();
    await publishBundle(await smallBundle(), options);
    await adopt();
    const stranger = createKey(offline, 'stranger');
    const strangers = { ...options, key: stranger };
    expect(() => republish({ action: 'renew' }, strangers)).toThrow(/1 of the release keys of root 1/);
    const refused: string[] = [];
    const late = NOW + 20 * DAY;
    expect(
      renewDue(store, stranger, late, (site, { message }) => void refused.push(`${site} ${message}`)),
    ).toEqual([]);
    expect(refused[0]).toMatch(/^demo .*release keys of root 1/);
    expect(renewDue(store, key, late, () => expect.unreachable())).toHaveLength(1);
  });

  it('asks several release keys to sign where it says so', async () => {
    const { options, holders, store } = await withRoot();
    const second = createKey(temporaryFolder(), 'second');
    const release = { keys: [options.key.publicKey, second.publicKey], threshold: 2 };
    const root = { keys: [holders[0]!.publicKey] };
    const draft = draftRoot({ root, release, expiresDays: 1, now: NOW });
    await adoptRoot(signRoot(draft, holders[0]!), { store, site: 'demo', now: NOW });
    await expect(publishBundle(await smallBundle(), options)).rejects.toThrow(/2 of the release keys/);
    await expect(
      publishBundle(await smallBundle(), { ...options, cosigners: [options.key] }),
    ).rejects.toThrow(/2 of the release keys/);
    const made = await publishBundle(await smallBundle(), { ...options, cosigners: [second] });
    expect(JSON.parse(made.manifest).signatures).toHaveLength(2);
  });

  it('is replaced step by step, by the old holders and the new ones together', async () => {
    const { adopt, first, holders, store } = await withRoot();
    await adopt();
    const dee = createKey(join(temporaryFolder(), 'dee'), 'dee');
    const keys = [holders[0]!, holders[1]!, dee].map(({ publicKey }) => publicKey);
    const next = draftRoot({ root: { keys }, expiresDays: 365, now: NOW }, first.signed);
    expect(next.signed).toMatchObject({
      version: 2,
      root: { keys, threshold: 2 },
      release: first.signed.release,
    });
    await expect(adopt(signRoot(signRoot(next, holders[0]!), dee))).rejects.toThrow(/by those before.*got 1/);
    await adopt(signRoot(signRoot(next, holders[0]!), holders[1]!));
    expect(store.roots.list('demo').map(({ signed }) => signed.version)).toEqual([1, 2]);
    await expect(adopt(first)).rejects.toThrow(/root 3 of site demo, found 1/);
  });

  it('signs nothing once it has run out', async () => {
    const { adopt, options } = await withRoot();
    await publishBundle(await smallBundle(), options);
    await adopt();
    expect(() => republish({ action: 'renew' }, { ...options, now: NOW + 365 * DAY })).toThrow(
      /a root that has not run out/,
    );
  });

  it('refuses a threshold that its keys cannot reach, one listed twice included', async () => {
    const { holders } = await withRoot();
    const { publicKey } = holders[0]!;
    const release = { keys: [publicKey] };
    const draft = (keys: string[]) =>
      draftRoot({ root: { keys, threshold: 2 }, release, expiresDays: 1, now: NOW });
    expect(() => draft([publicKey])).toThrow(/a threshold that its keys can reach/);
    expect(() => draft([publicKey, publicKey])).toThrow(/a threshold that its keys can reach/);
    expect(() => draftRoot({ expiresDays: 1, now: NOW })).toThrow(/keys for the first root/);
  });

  it('is served by its version, and nothing else under that address', async () => {
    const { adopt, store, first } = await withRoot();
    await adopt();
    const { url, stop } = await serveStore(store);
    const answer = await fetch(`${url}/s/demo/root/1.json`);
    expect(await answer.json()).toEqual(first);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('etag')).toBeNull();
    for (const name of [
      '2.json',
      '0.json',
      '01.json',
      '1',
      '1.json.',
      '-1.json',
      '..%2f1.json',
      '9999999999999.json',
    ])
      expect((await fetch(`${url}/s/demo/root/${name}`)).status).toBe(404);
    await stop();
  });
});
