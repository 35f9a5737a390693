import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../shared/canonical.ts';
import type { SignedManifest } from '../../../shared/manifest.ts';
import { publishBundle, republish } from '../../../trainer-server/release/publish.ts';
import { renewDue } from '../../../trainer-server/release/renew.ts';
import type { Release } from '../../../trainer-server/store/releases.ts';
import { NOW, signing, smallBundle } from '../../helpers/served.ts';

const DAY = 86_400_000;
const refused = { shipped: false, against: 'none', reasons: ['the lower bound is below zero'] };
const signedOf = (release: Release): SignedManifest => JSON.parse(release.manifest);

const refusedToRenew = (site: string, error: Error): never => {
  throw new Error(`${site}: ${error.message}`);
};

describe('publishing', () => {
  it('numbers releases from 1 upwards, each site by itself', async () => {
    const { options } = signing();
    const bundle = await smallBundle();
    const versions = [];
    for (const site of ['demo', 'demo', 'other', 'demo']) {
      versions.push((await publishBundle(bundle, { ...options, site })).version);
    }
    expect(versions).toEqual([1, 2, 1, 3]);
  });

  it('signs what Node verifies under the public key that keys shows', async () => {
    const { options, key } = signing();
    const { signed, signatures } = signedOf(await publishBundle(await smallBundle(), options));
    const publicKey = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key.publicKey, 'hex').toString('base64url') },
      format: 'jwk',
    });
    const signature = Buffer.from(signatures[0]!.signature, 'hex');
    expect(verify(null, Buffer.from(canonicalJson(signed)), publicKey, signature)).toBe(true);
    const altered = canonicalJson({ ...signed, budgetPrice: 1 });
    expect(verify(null, Buffer.from(altered), publicKey, signature)).toBe(false);
  });

  it('sets version, times and canary share at publication', async () => {
    const { options } = signing();
    const release = await publishBundle(await smallBundle(), {
      ...options,
      canaryShare: 0.1,
      expiresDays: 2,
    });
    expect(signedOf(release).signed).toMatchObject({
      version: 1,
      created: NOW,
      expires: NOW + 2 * DAY,
      canaryShare: 0.1,
    });
  });

  it('refuses a bundle that its evaluation did not let out, unless a reason is given, which is kept', async () => {
    const { options, store } = signing();
    const bundle = await smallBundle('bad', refused);
    await expect(publishBundle(bundle, options)).rejects.toThrow(/the lower bound is below zero.*--force/);
    expect(store.releases.running('demo')).toBeUndefined();
    await publishBundle(bundle, options, 'trying it in the staging shop');
    expect(store.releases.running('demo')).toMatchObject({
      version: 1,
      forced: 'trying it in the staging shop',
    });
    expect(store.audit.list('demo')[0]).toMatchObject({
      action: 'publish',
      detail: { version: 1, forced: 'trying it in the staging shop' },
    });
  });

  it('lets out what its evaluation lets out', async () => {
    const { options } = signing();
    const bundle = await smallBundle('good', { shipped: true, against: 'none', reasons: [] });
    expect((await publishBundle(bundle, options)).version).toBe(1);
  });

  it('goes back by publishing old files under a higher version', async () => {
    const { options, store } = signing();
    const first = await publishBundle(await smallBundle('one'), options);
    await publishBundle(await smallBundle('two'), options);
    const back = republish({ action: 'rollback' }, { ...options, now: NOW + DAY });
    expect(back).toMatchObject({ version: 3, republishes: 1 });
    expect(signedOf(back).signed.files).toEqual(signedOf(first).signed.files);
    expect(signedOf(back).signed).toMatchObject({ version: 3, created: NOW + DAY, expires: NOW + 31 * DAY });
    expect(store.releases.running('demo')?.version).toBe(3);
    // Back again: the release before with other files is number 2.
    expect(republish({ action: 'rollback' }, options)).toMatchObject({ version: 4, republishes: 2 });
    expect(republish({ action: 'rollback', version: 1 }, options)).toMatchObject({
      version: 5,
      republishes: 1,
    });
  });

  it('says which versions there are when asked to go back to another', async () => {
    const { options } = signing();
    await publishBundle(await smallBundle(), options);
    expect(() => republish({ action: 'rollback', version: 9 }, options)).toThrow(
      /a release of demo: 1, found 9/,
    );
    expect(() => republish({ action: 'rollback' }, options)).toThrow(/an earlier release to go back to/);
    expect(() => republish({ action: 'renew' }, { ...options, site: 'nowhere' })).toThrow(
      /a site with a release/,
    );
  });

  it('renews a manifest that has used up half of its time, and leaves its share of devices alone', async () => {
    const { options, store, key } = signing();
    await publishBundle(await smallBundle(), { ...options, canaryShare: 0.1, expiresDays: 10 });
    expect(renewDue(store, key, NOW + 5 * DAY, refusedToRenew)).toEqual([]);
    const [renewed] = renewDue(store, key, NOW + 5 * DAY + 1, refusedToRenew);
    expect(signedOf(renewed!).signed).toMatchObject({
      version: 2,
      created: NOW + 5 * DAY + 1,
      expires: NOW + 15 * DAY + 1,
      canaryShare: 0.1,
    });
    expect(renewDue(store, key, NOW + 5 * DAY + 2, refusedToRenew)).toEqual([]);
  });

  it('switches off and on again under ever higher versions', async () => {
    const { options } = signing();
    await publishBundle(await smallBundle(), options);
    expect(signedOf(republish({ action: 'off' }, options)).signed).toMatchObject({ version: 2, mode: 'off' });
    expect(signedOf(republish({ action: 'renew' }, options)).signed).toMatchObject({
      version: 3,
      mode: 'off',
    });
    const back = republish({ action: 'rollback', version: 1 }, options);
    expect(signedOf(back).signed).toMatchObject({ version: 4, mode: 'on' });
  });
});
