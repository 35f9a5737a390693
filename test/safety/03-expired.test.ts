import { afterEach, describe, expect, it, vi } from 'vitest';
import { memoryStore } from '../../sdk/worker/memory-store.ts';
import { bundleFixture } from '../helpers/bundle-fixture.ts';
import { releaseDevice } from '../helpers/release-device.ts';
import { keySet } from '../helpers/roots.ts';
import { signingKey } from '../helpers/signing.ts';

afterEach(() => vi.unstubAllGlobals());

const key = signingKey();
const DAY = 86_400_000;
const NOW = Date.UTC(2026, 5, 1);
const release = (version: number, days: number) =>
  bundleFixture({ key, version, manifest: { created: NOW, expires: NOW + days * DAY } });
const device = (now: number, store = memoryStore()) => releaseDevice({ root: keySet([key]), store, now });

describe('safety 3: by a clock that the test holds', () => {
  it('a release decides until the millisecond of its expiry and recovers by a fresh one', async () => {
    const { releases, offer, state } = device(NOW);
    await offer(await release(1, 30));
    state.now = NOW + 30 * DAY - 1;
    expect(releases.refusal()).toBeUndefined();
    state.now++;
    expect(releases.refusal()).toBe('expired');
    await offer(await release(2, 60));
    expect(releases.refusal()).toBeUndefined();
  });

  it('a device whose clock is years ahead shows the default, keeps its release, and recovers when the clock does', async () => {
    const { releases, offer, state, complaints, store } = device(NOW);
    await offer(await release(1, 30));
    state.now = NOW + 3650 * DAY;
    expect(releases.refusal()).toBe('expired');
    await offer(await release(2, 30));
    expect(complaints.join()).toContain('expires after');
    const restarted = device(state.now, store);
    await restarted.releases.restore();
    expect(restarted.releases.refusal()).toBe('expired');
    restarted.state.now = NOW;
    expect(restarted.releases.refusal()).toBeUndefined();
    await restarted.offer(await release(2, 30));
    expect(restarted.releases.current?.manifest.version).toBe(2);
  });

  it('a device whose clock is years behind decides, and goes back to no older release for it', async () => {
    const { releases, offer, complaints } = device(0);
    await offer(await release(2, 30));
    expect(releases.refusal()).toBeUndefined();
    await offer(await release(1, 30));
    expect(complaints.join()).toContain('expected version 2 or later, got 1');
    expect(releases.current?.manifest.version).toBe(2);
  });

  it('a release whose maker had a clock years ahead does not outlive the correction', async () => {
    const { releases, offer } = device(NOW);
    const made = { created: NOW + 3650 * DAY, expires: NOW + 3680 * DAY };
    await offer(await bundleFixture({ key, version: 1, manifest: made }));
    expect(releases.refusal()).toBeUndefined();
    await offer(await release(2, 30));
    expect(releases.current?.manifest.version).toBe(2);
  });
});
