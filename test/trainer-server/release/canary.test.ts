import { describe, expect, it } from 'vitest';
import type { Manifest, SignedManifest } from '../../../shared/manifest.ts';
import { publishBundle, republish } from '../../../trainer-server/release/publish.ts';
import type { Release } from '../../../trainer-server/store/releases.ts';
import { NOW, signing, smallBundle } from '../../helpers/served.ts';

const signedOf = (release: Release): Manifest => (JSON.parse(release.manifest) as SignedManifest).signed;
const files = ({ files }: Pick<Manifest, 'files'>): string[] => files.map(({ sha256 }) => sha256);

/** A site whose everyone runs `one` (release 1) and a tenth of whose devices try `two` (release 2). */
async function withCanary() {
  const { options, store } = signing();
  const one = await smallBundle('one');
  const two = await smallBundle('two');
  await publishBundle(one, options);
  const canary = signedOf(await publishBundle(two, { ...options, canaryShare: 0.1 }));
  return { options, store, one: files(one.manifest), two: files(two.manifest), canary };
}

describe('a canary', () => {
  it('carries the last release for everyone in the same signed manifest', async () => {
    const { canary, one, two } = await withCanary();
    expect(canary).toMatchObject({ version: 2, canaryShare: 0.1, stable: { version: 1 } });
    expect(files(canary)).toEqual(two);
    expect(files(canary.stable!)).toEqual(one);
  });

  it('keeps it through renewals, a larger share and a next canary', async () => {
    const { options, one } = await withCanary();
    const renewed = signedOf(republish({ action: 'renew' }, { ...options, now: NOW + 1 }));
    expect(renewed).toMatchObject({ version: 3, canaryShare: 0.1, stable: { version: 1 } });
    const wider = signedOf(republish({ action: 'renew' }, { ...options, canaryShare: 0.5 }));
    expect(wider).toMatchObject({ version: 4, canaryShare: 0.5, stable: { version: 1 } });
    const three = await publishBundle(await smallBundle('three'), { ...options, canaryShare: 0.1 });
    expect(files(signedOf(three).stable!)).toEqual(one);
  });

  it('becomes the release for everyone when it is promoted', async () => {
    const { options, two } = await withCanary();
    const promoted = signedOf(republish({ action: 'promote' }, options));
    expect(promoted).toMatchObject({ version: 3, canaryShare: 1 });
    expect(promoted.stable).toBeUndefined();
    expect(files(promoted)).toEqual(two);
    expect(() => republish({ action: 'promote' }, options)).toThrow(/expected a running canary/);
  });

  it('gives way to the stable release when it is withdrawn or rolled back', async () => {
    for (const action of ['withdraw', 'rollback'] as const) {
      const { options, one, store } = await withCanary();
      const back = republish({ action }, options);
      expect(back).toMatchObject({ version: 3, republishes: 1 });
      expect(signedOf(back)).toMatchObject({ canaryShare: 1, mode: 'on' });
      expect(files(signedOf(back))).toEqual(one);
      expect(signedOf(back).stable).toBeUndefined();
      expect(store.audit.list('demo')[0]).toMatchObject({ action, detail: { version: 3 } });
    }
  });

  it('has nothing beside it where there was no release yet, or it was switched off', async () => {
    const { options } = signing();
    const first = await publishBundle(await smallBundle('one'), { ...options, canaryShare: 0.1 });
    expect(signedOf(first).stable).toBeUndefined();
    expect(() => republish({ action: 'withdraw' }, options)).toThrow(/a release from before the canary/);
    republish({ action: 'promote' }, options);
    republish({ action: 'off' }, options);
    const after = await publishBundle(await smallBundle('two'), { ...options, canaryShare: 0.1 });
    expect(signedOf(after).stable).toBeUndefined();
  });

  it('is switched off together with the release beside it', async () => {
    const { options } = await withCanary();
    expect(signedOf(republish({ action: 'off' }, options))).toMatchObject({
      mode: 'off',
      canaryShare: 0.1,
      stable: { version: 1 },
    });
  });

  it('keeps the files of both from being collected', async () => {
    const { store, one, two } = await withCanary();
    for (const sha256 of [...one, ...two]) expect(store.releases.hasFile(sha256)).toBe(true);
  });
});
