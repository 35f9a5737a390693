import { afterEach, describe, expect, it, vi } from 'vitest';
import { memoryStore } from '../../../sdk/worker/memory-store.ts';
import type { Store } from '../../../sdk/worker/store.ts';
import type { TrustRoot } from '../../../shared/trust-signatures.ts';
import { bundleFixture, type Fixture } from '../../helpers/bundle-fixture.ts';
import { releaseDevice } from '../../helpers/release-device.ts';
import { keySet, rotation, signRoot } from '../../helpers/roots.ts';
import { signingKey } from '../../helpers/signing.ts';

const key = signingKey();
const START = Date.now();
const HOUR = 3_600_000;

afterEach(() => vi.unstubAllGlobals());

const device = (store: Store = memoryStore(), root: TrustRoot = keySet([key])) =>
  releaseDevice({ store, root, now: START });

describe('Releases', () => {
  it('takes the first group alone at first, the idle group in the order of the manifest, and later releases whole', async () => {
    const { releases, offer, installed, state } = device();
    const one = await bundleFixture({ key });
    await offer(one);
    expect([...installed[0]!.files.keys()]).toEqual(['first-tensors', 'first-meta']);
    await releases.idle();
    expect(installed[1]!.files.size).toBe(4);
    expect(state.fetched).toEqual(
      one.signed.signed.files.map(({ sha256 }) => `http://endpoint.test/b/${sha256}`),
    );
    await offer(await bundleFixture({ key, version: 2, seed: 2 }));
    expect(installed[2]!.files.size).toBe(4);
  });

  it('can decide before the device has kept the release', async () => {
    const endless = { ...memoryStore(), commitRelease: () => new Promise<void>(() => undefined) };
    const { releases, offer, state } = device(endless);
    void offer(await bundleFixture({ key }));
    await vi.waitUntil(() => state.taken === 1);
    expect(releases.refusal()).toBeUndefined();
  });

  it('stops deciding at the millisecond at which its manifest expires, and recovers by a fresh one', async () => {
    const { releases, offer, state } = device();
    await offer(await bundleFixture({ key, manifest: { expires: START + HOUR } }));
    state.now = START + HOUR - 1;
    expect(releases.refusal()).toBeUndefined();
    state.now = START + HOUR;
    expect(releases.refusal()).toBe('expired');
    await offer(await bundleFixture({ key, version: 2, manifest: { expires: START + 2 * HOUR } }));
    expect(releases.refusal()).toBeUndefined();
  });

  it('takes up an expired last known good, which then decides nothing', async () => {
    const { offer, store } = device();
    await offer(await bundleFixture({ key, manifest: { expires: START + HOUR } }));
    const later = device(store);
    later.state.now = START + 2 * HOUR;
    await later.releases.restore();
    expect(later.releases.current?.manifest.version).toBe(1);
    expect(later.releases.refusal()).toBe('expired');
  });

  it('remembers a version from the moment it was believed, although its files never came', async () => {
    const { releases, offer, files, complaints, store } = device();
    await offer(await bundleFixture({ key, version: 3 }));
    const five = await bundleFixture({ key, version: 5, seed: 5 });
    await releases.offer(JSON.stringify(five.signed));
    expect(releases.current?.manifest.version).toBe(3);
    expect(complaints.join()).toContain('404');
    files.clear();
    const restarted = device(store);
    await restarted.offer(await bundleFixture({ key, version: 4, seed: 4 }));
    expect(restarted.complaints.join()).toContain('expected version 5 or later, got 4');
  });

  it('aborts a file at its signed byte count', async () => {
    const { offer, complaints, releases } = device();
    const fixture = await bundleFixture({ key });
    const { sha256 } = fixture.signed.signed.files[0]!;
    let pulled = 0;
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          pulled++;
          controller.enqueue(new Uint8Array(65536));
        },
      });
    const served = globalThis.fetch;
    vi.stubGlobal('fetch', async (url: string) =>
      url.endsWith(sha256) ? new Response(endless()) : served(url),
    );
    await offer(fixture);
    expect(complaints.join()).toContain('expected at most');
    expect(releases.current).toBeUndefined();
    // Twice: the second time past the browser's cache.
    expect(pulled).toBeLessThan(20);
  });

  it('leaves the kept release alone when a kept file was damaged', async () => {
    const { offer, store } = device();
    const one = await bundleFixture({ key });
    await offer(one);
    const kept = (await store.release())!;
    const { sha256 } = one.signed.signed.files[1]!;
    kept.files.get(sha256)![9]! ^= 1;
    const restarted = device(store);
    await restarted.releases.restore();
    expect(restarted.releases.current).toBeUndefined();
    expect(restarted.complaints.join()).toContain('SHA-256');
  });

  it('leaves out a canary for whom the bucket says no, and everyone at share 0', async () => {
    const { releases, offer, state } = device();
    await offer(await bundleFixture({ key }));
    const before = state.fetched.length;
    await offer(await bundleFixture({ key, version: 2, seed: 2, manifest: { canaryShare: 0 } }));
    expect(releases.current?.manifest.version).toBe(1);
    expect(state.fetched.length).toBe(before);
  });

  it('runs the stable release beside a canary that its bucket keeps it out of, and the canary once promoted', async () => {
    const { releases, offer, state, files, store } = device();
    await store.set('salt', 'a device');
    const one = await bundleFixture({ key });
    const two = await bundleFixture({ key, version: 2, seed: 2 });
    for (const [hash, bytes] of [...one.files, ...two.files]) files.set(hash, bytes);
    const { budgetPrice, files: listed, parts, parity } = one.signed.signed;
    const stable = { version: 1, budgetPrice, files: listed, parts, parity };
    const canary = (version: number, canaryShare: number, seed = 2) =>
      bundleFixture({ key, version, seed, manifest: { canaryShare, stable } });
    await offer(await canary(2, 0));
    expect(releases.current?.manifest).toMatchObject({ version: 1, files: listed });
    expect(releases.current?.manifest.stable).toBeUndefined();
    await releases.idle();
    const before = state.fetched.length;
    await offer(await canary(3, 0));
    expect(releases.current?.manifest).toMatchObject({ version: 1 });
    expect(state.fetched.length).toBe(before);
    const restarted = device(store);
    await restarted.releases.restore();
    expect(restarted.releases.current?.manifest).toMatchObject({ version: 1, files: listed });
    await restarted.offer(await bundleFixture({ key, version: 4, seed: 2 }));
    expect(restarted.releases.current?.manifest).toMatchObject({
      version: 4,
      files: two.signed.signed.files,
    });
  });

  it('keeps the files of the old release under the old manifest where those of a new one never come', async () => {
    const { releases, offer, store, complaints } = device();
    const one = await bundleFixture({ key });
    await offer(one);
    const two = await bundleFixture({ key, version: 2, seed: 2 });
    await releases.offer(JSON.stringify(two.signed));
    expect(complaints.join()).toContain('404');
    await releases.idle();
    const restarted = device(store);
    await restarted.releases.restore();
    expect(restarted.releases.current?.manifest.version).toBe(1);
    expect(restarted.releases.current?.files.size).toBe(4);
  });

  it('fetches nothing for a manifest that switches off', async () => {
    const { releases, offer, state } = device();
    await offer(await bundleFixture({ key, manifest: { mode: 'off' } }));
    expect(releases.refusal()).toBe('mode-off');
    expect(state.fetched).toEqual([]);
  });
});

describe('Releases under a root', async () => {
  const { rootKeys, releaseKeys, documents } = await rotation(5);
  const pin = keySet(rootKeys[0]!, 2);
  const under = (root: number, version: number, signer = root): Promise<Fixture> =>
    bundleFixture({ version, key: releaseKeys[signer]!, manifest: { rootVersion: root } });
  /** With the whole chain on the server, or as much as `upTo`. */
  const rooted = (store?: Store, upTo = 5) => {
    const made = device(store, pin);
    for (const document of documents.slice(0, upTo))
      made.files.set(`${document.signed.version}.json`, Buffer.from(JSON.stringify(document)));
    return made;
  };
  const roots = (fetched: string[]): string[] => fetched.filter((url) => url.includes('/root/'));

  it('follows the chain from the pinned keys, and asks for nothing when the document came along', async () => {
    const { releases, offer, state } = rooted();
    await offer(await under(5, 1));
    expect(releases.current?.manifest.version).toBe(1);
    expect(roots(state.fetched).map((url) => url.slice(-6))).toEqual([
      '5.json',
      '4.json',
      '3.json',
      '2.json',
      '1.json',
    ]);
    const carried = device(memoryStore(), keySet(rootKeys[4]!, 2));
    const fixture = await under(5, 1);
    await carried.offer({ ...fixture, signed: { ...fixture.signed, root: documents[4]! } });
    expect(carried.releases.current?.manifest.version).toBe(1);
    expect(roots(carried.state.fetched)).toEqual([]);
  });

  it('asks only for the steps since its last visit, and for none when nothing changed', async () => {
    const before = rooted(memoryStore(), 3);
    await before.offer(await under(3, 1));
    const after = rooted(before.store);
    await after.releases.restore();
    expect(after.releases.current?.manifest.version).toBe(1);
    await after.offer(await under(3, 2));
    expect(roots(after.state.fetched)).toEqual([]);
    await after.offer(await under(5, 3));
    expect(after.releases.current?.manifest.version).toBe(3);
    expect(roots(after.state.fetched).map((url) => url.slice(-6))).toEqual(['5.json', '4.json']);
  });

  it('stays with the last known good where a step is missing', async () => {
    const { releases, offer, complaints } = rooted(memoryStore(), 3);
    await offer(await under(3, 1));
    await offer(await under(5, 2));
    expect(releases.current?.manifest.version).toBe(1);
    expect(complaints.join()).toContain('404');
  });

  it('believes a revoked release key no longer, under its old root or the new one, after a restart too', async () => {
    const { offer, releases, complaints, store } = rooted();
    await offer(await under(4, 1));
    await offer(await under(5, 2));
    expect(releases.current?.manifest.version).toBe(2);
    await offer(await under(4, 3));
    expect(complaints.at(-1)).toContain('expected version 5 or later, got 4');
    await offer(await under(5, 3, 4));
    expect(complaints.at(-1)).toContain('valid signatures');
    const restarted = rooted(store);
    await restarted.offer(await under(4, 9));
    expect(restarted.complaints.at(-1)).toContain('expected version 5 or later, got 4');
  });

  it('drops a kept release whose key has been revoked since', async () => {
    const { offer, store } = rooted();
    await offer(await under(4, 1));
    await store.set('roots', documents);
    const restarted = rooted(store);
    await restarted.releases.restore();
    expect(restarted.releases.current).toBeUndefined();
    expect(restarted.complaints.join()).toContain('valid signatures');
  });

  it('recovers from a version that a stolen key ran up, once the root has revoked that key', async () => {
    const { offer, releases, complaints } = rooted();
    await offer(await under(4, Number.MAX_SAFE_INTEGER));
    await offer(await under(4, 2));
    expect(complaints.at(-1)).toContain('or later, got 2');
    await offer(await under(5, 2));
    expect(releases.current?.manifest.version).toBe(2);
    await offer(await under(5, 1));
    expect(complaints.at(-1)).toContain('expected version 2 or later, got 1');
  });

  it('walks kept documents again, and begins at the pin where they do not lead from it', async () => {
    const before = rooted();
    await before.offer(await under(5, 1));
    const repinned = device(before.store, keySet([releaseKeys[1]!]));
    await repinned.offer(await bundleFixture({ version: 1, key: releaseKeys[1]!, seed: 3 }));
    expect(repinned.releases.current?.manifest.version).toBe(1);
    const forged = await signRoot({
      version: 6,
      root: keySet([key]),
      release: keySet([key]),
      signers: [key],
    });
    await before.store.set('roots', [...documents, forged]);
    const attacked = rooted(before.store);
    await attacked.offer(await bundleFixture({ key, version: 9, manifest: { rootVersion: 6 } }));
    expect(attacked.releases.current).toBeUndefined();
  });

  it('decides nothing under a root that has run out, and again under the next one', async () => {
    const holders = [signingKey()];
    const at = (version: number, expires: number) =>
      signRoot({ version, root: keySet(holders), release: keySet([key]), signers: holders, expires });
    const { offer, releases, state } = device(memoryStore(), keySet(holders));
    const one = await bundleFixture({ key, manifest: { rootVersion: 1 } });
    await offer({ ...one, signed: { ...one.signed, root: await at(1, START + HOUR) } });
    expect(releases.refusal()).toBeUndefined();
    state.now = START + HOUR;
    expect(releases.refusal()).toBe('expired');
    const two = await bundleFixture({ key, version: 2, manifest: { rootVersion: 2 } });
    await offer({ ...two, signed: { ...two.signed, root: await at(2, START + 99 * HOUR) } });
    expect(releases.refusal()).toBeUndefined();
  });
});
