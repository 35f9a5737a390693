import { afterEach, describe, expect, it, vi } from 'vitest';
import { memoryStore } from '../../../sdk/worker/memory-store.ts';
import { type Release, Releases } from '../../../sdk/worker/release.ts';
import type { Store } from '../../../sdk/worker/store.ts';
import { bundleFixture, type Fixture } from '../../helpers/bundle-fixture.ts';
import { nodeVerifier, signingKey } from '../../helpers/signing.ts';

const key = signingKey();
const START = Date.now();
const HOUR = 3_600_000;

afterEach(() => vi.unstubAllGlobals());

/** A device with a clock of its own and an endpoint that serves the fixtures' files. */
function device(store: Store = memoryStore()) {
  const files = new Map<string, Uint8Array>();
  const installed: Release[] = [];
  const complaints: string[] = [];
  const state = { now: START, fetched: [] as string[], taken: 0 };
  vi.stubGlobal('fetch', async (url: string) => {
    state.fetched.push(url);
    const bytes = files.get(url.split('/').at(-1)!);
    return bytes === undefined ? new Response(null, { status: 404 }) : new Response(bytes.slice());
  });
  const releases = new Releases({
    siteKey: 's',
    endpoint: 'http://endpoint.test',
    root: { keys: [key.publicKey], threshold: 1 },
    store,
    verifier: nodeVerifier,
    now: () => state.now,
    install: async (release) => void installed.push(release),
    taken: () => void state.taken++,
    failed: (error) => void complaints.push(String(error)),
  });
  const offer = async (fixture: Fixture): Promise<void> => {
    for (const [hash, bytes] of fixture.files) files.set(hash, bytes);
    await releases.offer(JSON.stringify(fixture.signed));
  };
  return { releases, offer, installed, complaints, files, state, store };
}

describe('Releases', () => {
  it('takes the first group alone at first, the idle group in the order of the manifest, and later releases whole', async () => {
    const { releases, offer, installed, state } = device();
    const one = await bundleFixture({ key });
    await offer(one);
    expect([...installed[0]!.files.keys()]).toEqual(['first-meta', 'first-tensors']);
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
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(65536));
      },
    });
    const served = globalThis.fetch;
    vi.stubGlobal('fetch', async (url: string) =>
      url.endsWith(sha256) ? new Response(endless) : served(url),
    );
    await offer(fixture);
    expect(complaints.join()).toContain('expected at most');
    expect(releases.current).toBeUndefined();
    expect(pulled).toBeLessThan(10);
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

  it('fetches nothing for a manifest that switches off', async () => {
    const { releases, offer, state } = device();
    await offer(await bundleFixture({ key, manifest: { mode: 'off' } }));
    expect(releases.refusal()).toBe('mode-off');
    expect(state.fetched).toEqual([]);
  });
});
