import { afterAll, describe, expect, it } from 'vitest';
import { memoryStore } from '../../../sdk/worker/memory-store.ts';
import { Releases } from '../../../sdk/worker/release.ts';
import type { TrustRoot } from '../../../shared/trust-signatures.ts';
import { createKey } from '../../../trainer-server/release/keys.ts';
import { publishBundle, republish } from '../../../trainer-server/release/publish.ts';
import { adoptRoot, draftRoot, signRoot } from '../../../trainer-server/release/root.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';
import { NOW, type Served, serveStore, signing, smallBundle } from '../../helpers/served.ts';
import { nodeVerifier } from '../../helpers/signing.ts';

const running: Served[] = [];
afterAll(() => Promise.all(running.map(({ stop }) => stop())));

/** A trainer with a store, served, and devices that poll it as the SDK does. */
async function trainer() {
  const made = signing();
  const served = await serveStore(made.store);
  running.push(served);
  const device = (root: TrustRoot) => {
    const complaints: string[] = [];
    const store = memoryStore();
    const releases = new Releases({
      ...{ siteKey: 'demo', endpoint: served.url, root, store, verifier: nodeVerifier, now: () => NOW },
      install: async () => undefined,
      taken: () => undefined,
      failed: (error) => void complaints.push(String(error)),
    });
    const poll = async (): Promise<number | undefined> => {
      await releases.poll();
      return releases.current?.manifest.version;
    };
    return { releases, poll, complaints, store };
  };
  return { ...made, device };
}

describe('from the trainer to devices', () => {
  it('a canary reaches its share, its promotion everyone; a withdrawal brings all back', async () => {
    const { device, options, key } = await trainer();
    const pin = { keys: [key.publicKey], threshold: 1 };
    const devices = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const made = device(pin);
        await made.store.set('salt', `device ${i}`);
        return made;
      }),
    );
    const versions = async (): Promise<Record<number, number>> => {
      const counts: Record<number, number> = {};
      for (const { poll } of devices) {
        const version = (await poll())!;
        counts[version] = (counts[version] ?? 0) + 1;
      }
      return counts;
    };
    await publishBundle(await smallBundle('one'), options);
    expect(await versions()).toEqual({ 1: 40 });
    await publishBundle(await smallBundle('two'), { ...options, canaryShare: 0.25, now: NOW + 1 });
    const { 1: out = 0, 2: canary = 0 } = await versions();
    expect(out + canary).toBe(40);
    // Binomial(40, 1/4): outside 2 to 19 once in 30,000; the salts are fixed.
    expect(canary).toBeGreaterThanOrEqual(2);
    expect(canary).toBeLessThanOrEqual(19);
    republish({ action: 'renew' }, { ...options, now: NOW + 2 });
    expect(await versions()).toEqual({ 1: out, 3: canary });
    republish({ action: 'withdraw' }, { ...options, now: NOW + 3 });
    expect(await versions()).toEqual({ 4: 40 });
    await publishBundle(await smallBundle('three'), { ...options, canaryShare: 0.25, now: NOW + 4 });
    republish({ action: 'promote' }, { ...options, now: NOW + 5 });
    expect(await versions()).toEqual({ 6: 40 });
    expect(devices.flatMap(({ complaints }) => complaints)).toEqual([]);
  });

  it('devices of the simple set-up follow into a root that the pinned key signed, and through a rotation of both keys', async () => {
    const { device, options, key, store } = await trainer();
    const [ann, bo, fresh] = ['ann', 'bo', 'fresh'].map((name) => createKey(temporaryFolder(), name));
    const { poll, complaints } = device({ keys: [key.publicKey], threshold: 1 });
    const release = { keys: [key.publicKey] };
    await publishBundle(await smallBundle(), options);
    expect(await poll()).toBe(1);
    const adopt = (document: ReturnType<typeof draftRoot>) =>
      adoptRoot(document, { store, site: 'demo', now: NOW });
    const first = draftRoot({ root: { keys: [ann!.publicKey] }, release, expiresDays: 9, now: NOW });
    await adopt([ann!, key].reduce(signRoot, first));
    republish({ action: 'renew' }, options);
    expect(await poll()).toBe(2);
    const change = { root: { keys: [bo!.publicKey] }, release: { keys: [fresh!.publicKey] } };
    await adopt(
      [ann!, bo!].reduce(signRoot, draftRoot({ ...change, expiresDays: 9, now: NOW }, first.signed)),
    );
    // Two steps at once: the device was away for the next one as well.
    const next = draftRoot({ expiresDays: 99, now: NOW }, store.roots.current('demo')!.signed);
    await adopt(signRoot(next, bo!));
    republish({ action: 'renew' }, { ...options, key: fresh! });
    expect(await poll()).toBe(3);
    expect(complaints).toEqual([]);
    const late = device({ keys: [key.publicKey], threshold: 1 });
    expect(await late.poll()).toBe(3);
  });
});
