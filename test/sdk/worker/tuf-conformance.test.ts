/**
 * The cases of the TUF project's conformance suite (https://github.com/theupdateframework/tuf-conformance) that apply
 * to a client with a root and one signed manifest, re-expressed against ours. Left out: delegations, consistent
 * snapshots, other key types and path names, which we do not have.
 */

import { afterEach, describe, expect, it, vi } from 'vitest';
import { memoryStore } from '../../../sdk/worker/memory-store.ts';
import type { Store } from '../../../sdk/worker/store.ts';
import type { SignedRoot } from '../../../shared/root.ts';
import { bundleFixture } from '../../helpers/bundle-fixture.ts';
import { releaseDevice } from '../../helpers/release-device.ts';
import { keySet, type RootCase, signRoot } from '../../helpers/roots.ts';
import { type SigningKey, signingKey } from '../../helpers/signing.ts';

afterEach(() => vi.unstubAllGlobals());

const NOW = Date.now();
const HOUR = 3_600_000;
const rootKey = signingKey();
const releaseKey = signingKey();

/** A repository whose one root key stays, unless a case says otherwise. */
const root = (version: number, over: Partial<RootCase> = {}): Promise<SignedRoot> =>
  signRoot({
    version,
    root: keySet([rootKey]),
    release: keySet([releaseKey]),
    signers: [rootKey],
    ...over,
  });
const chain = (length: number): Promise<SignedRoot[]> =>
  Promise.all(Array.from({ length }, (_, i) => root(i + 1)));
const manifest = (rootVersion: number, version: number, key: SigningKey = releaseKey, over = {}) =>
  bundleFixture({ key, version, products: 40, manifest: { rootVersion, ...over } });

/** A client that pins the root key, and a repository that serves these roots. */
function client(roots: readonly SignedRoot[], store: Store = memoryStore(), pin = [rootKey]) {
  const made = releaseDevice({ root: keySet(pin), store, now: NOW });
  for (const each of roots) made.files.set(`${each.signed.version}.json`, Buffer.from(JSON.stringify(each)));
  return { ...made, version: () => made.releases.current?.manifest.version };
}

describe('root rotation', () => {
  it('an initial root is the only one there is', async () => {
    const { offer, version } = client(await chain(1));
    await offer(await manifest(1, 1));
    expect(version()).toBe(1);
  });

  it('a client follows several roots at once', async () => {
    const { offer, version } = client(await chain(6));
    await offer(await manifest(6, 1));
    expect(version()).toBe(1);
  });

  it('a client follows no more than its number of rotations', async () => {
    const [a, b] = [signingKey(), signingKey()];
    // The pinned key signs the first alone, so each of the forty must be walked.
    const first = await root(1, { root: keySet([a]), signers: [rootKey, a] });
    const rest = Array.from({ length: 39 }, (_, i) =>
      root(i + 2, { root: keySet([b]), signers: i === 0 ? [a, b] : [b] }),
    );
    const { offer, version, complaints } = client([first, ...(await Promise.all(rest))]);
    await offer(await manifest(40, 1));
    expect(version()).toBeUndefined();
    expect(complaints.join()).toContain('at most 32 steps');
  });

  it('an intermediate root that is signed by nobody known stops the client', async () => {
    const [one, , three] = await chain(3);
    const two = await root(2, { signers: [signingKey()] });
    const before = client([one!]);
    await before.offer(await manifest(1, 1));
    const { offer, version, complaints } = client([one!, two, three!], before.store);
    await offer(await manifest(3, 2));
    expect(version()).toBeUndefined();
    expect(complaints.join()).toContain('root 2, by those before');
  });

  it('an intermediate root that has expired is no obstacle, the last one is', async () => {
    const [one, , three] = await chain(3);
    const two = await root(2, { expires: NOW - HOUR });
    const past = client([one!, two, three!]);
    await past.offer(await manifest(3, 1));
    expect(past.version()).toBe(1);
    const last = client([one!, two]);
    await last.offer(await manifest(2, 1));
    expect(last.version()).toBeUndefined();
    expect(last.complaints.join()).toContain('expires after');
  });

  it('a root of the wrong version under a right name is refused', async () => {
    const [one, two] = await chain(2);
    const before = client([one!]);
    await before.offer(await manifest(1, 1));
    const { files, offer, complaints } = client([one!, two!], before.store);
    files.set('2.json', files.get('1.json')!);
    await offer(await manifest(2, 2));
    expect(complaints.join()).toContain('expected version 2, got 1');
  });

  it('a root that is no JSON, a list, or of another type is refused', async () => {
    for (const text of ['{', '[]', 'null', '"root"', '{"signed":{},"signatures":[]}']) {
      const { files, offer, version } = client([]);
      files.set('1.json', Buffer.from(text));
      await offer(await manifest(1, 1));
      expect(version()).toBeUndefined();
    }
    const { signed } = await root(1);
    const posing = await signRoot({ ...signed, signers: [rootKey], version: 1 });
    Object.assign(posing.signed, { type: 'manifest' });
    const { offer, version } = client([posing]);
    await offer(await manifest(1, 1));
    expect(version()).toBeUndefined();
  });

  it('a root without end is cut off', async () => {
    const { files, offer, complaints } = client([]);
    files.set('1.json', new Uint8Array(64 << 10));
    await offer(await manifest(1, 1));
    expect(complaints.join()).toContain('expected at most 32768 bytes');
  });
});

describe('keys and signatures', () => {
  it('a threshold counts different keys, in roots and in manifests', async () => {
    const [a, b] = [signingKey(), signingKey()];
    const two = { keys: [a.publicKey, b.publicKey], threshold: 2 };
    const one = await root(1, { release: two });
    const { offer, version, complaints } = client([one]);
    await offer(await manifest(1, 1, a));
    expect(version()).toBeUndefined();
    expect(complaints.join()).toContain('2 of 2 trusted keys, got 1');
    const lone = await root(1, { root: { keys: [rootKey.publicKey, a.publicKey], threshold: 2 } });
    const other = client([lone]);
    await other.offer(await manifest(1, 1));
    expect(other.complaints.join()).toContain('root 1');
  });

  it('a root key may not sign manifests in the place of a release key', async () => {
    const { offer, complaints } = client(await chain(1));
    await offer(await manifest(1, 1, rootKey));
    expect(complaints.join()).toContain('valid signatures');
  });

  it('a manifest is not taken for a root, nor a root for a manifest', async () => {
    const { offer, releases, complaints, files } = client([]);
    const signed = await manifest(1, 1, rootKey);
    files.set('1.json', Buffer.from(JSON.stringify(signed.signed)));
    await offer(await manifest(1, 1));
    expect(complaints.join()).toContain('root');
    await releases.offer(JSON.stringify(await root(1)));
    expect(complaints.at(-1)).toContain('manifest');
    expect(releases.current).toBeUndefined();
  });
});

describe('rollback', () => {
  it('the same manifest again changes nothing', async () => {
    const { offer, installed } = client(await chain(1));
    const same = await manifest(1, 3);
    await offer(same);
    await offer(same);
    expect(installed).toHaveLength(1);
  });

  it('an older manifest is refused, by a new client of the same store too', async () => {
    const before = client(await chain(1));
    await before.offer(await manifest(1, 3));
    await before.offer(await manifest(1, 2));
    expect(before.complaints.join()).toContain('expected version 3 or later, got 2');
    const after = client(await chain(1), before.store);
    await after.offer(await manifest(1, 2));
    expect(after.complaints.join()).toContain('expected version 3 or later, got 2');
  });

  it('an older root is refused after the newer one was seen once, whatever the manifest was worth', async () => {
    const before = client(await chain(2));
    await before.offer(await manifest(2, 1, releaseKey, { expires: NOW - 1 }));
    expect(before.version()).toBeUndefined();
    const after = client(await chain(2), before.store);
    await after.offer(await manifest(1, 9));
    expect(after.complaints.join()).toContain('expected version 2 or later, got 1');
  });

  it('a fast-forwarded version is forgotten when its key is rotated out, and only then', async () => {
    const fresh = signingKey();
    const roots = [await root(1), await root(2), await root(3, { release: keySet([fresh]) })];
    const { offer, version, complaints } = client(roots);
    await offer(await manifest(1, 2 ** 40));
    await offer(await manifest(2, 2));
    expect(complaints.at(-1)).toContain('or later, got 2');
    await offer(await manifest(3, 2, fresh));
    expect(version()).toBe(2);
  });
});

describe('expiry', () => {
  it('an expired manifest is refused, and one that expires now', async () => {
    for (const expires of [NOW - HOUR, NOW]) {
      const { offer, version, complaints } = client(await chain(1));
      await offer(await manifest(1, 1, releaseKey, { expires }));
      expect(version()).toBeUndefined();
      expect(complaints.join()).toContain('expires after');
    }
  });

  it('a root that expires now is refused', async () => {
    const { offer, version } = client([await root(1, { expires: NOW })]);
    await offer(await manifest(1, 1));
    expect(version()).toBeUndefined();
  });
});

describe('files', () => {
  it('of another length or hash are refused, and the manifest is tried again later', async () => {
    const { offer, version, files, releases, complaints } = client(await chain(1));
    const release = await manifest(1, 1);
    const [hash] = [...release.files.keys()];
    const right = release.files.get(hash!)!;
    for (const wrong of [right.slice(1), new Uint8Array([...right, 0]), right.map((byte) => byte ^ 1)]) {
      release.files.set(hash!, wrong);
      await offer(release);
      expect(version()).toBeUndefined();
    }
    expect(complaints).toHaveLength(3);
    files.set(hash!, right);
    await releases.offer(JSON.stringify(release.signed));
    expect(version()).toBe(1);
  });

  it('that the device has already are not fetched again', async () => {
    const { offer, state } = client(await chain(1));
    await offer(await manifest(1, 1));
    await offer(await manifest(1, 2));
    const fetched = state.fetched.filter((url) => url.includes('/b/'));
    expect(new Set(fetched).size).toBe(fetched.length);
  });
});
