import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFixture, type Fixture } from '../helpers/bundle-fixture.ts';
import { launchProfile } from '../helpers/chromium.ts';
import { openReleaseShop, type ReleaseShop } from '../helpers/release-shop.ts';
import { asVersion } from '../helpers/release-visit.ts';

let shop: ReleaseShop;
let first: Fixture;
let second: Fixture;

beforeAll(async () => {
  shop = await openReleaseShop();
  first = await bundleFixture({ key: shop.key, version: 1, seed: 1 });
  second = await bundleFixture({ key: shop.key, version: 2, seed: 2 });
});

afterAll(() => shop?.close());

describe('safety 2: a lower version', () => {
  it('is refused, after a restart of the browser too; the same bytes under a higher one are taken', async () => {
    const { servers, visit } = shop;
    const profile = await mkdtemp(join(tmpdir(), 'promo-edge-'));
    try {
      servers.publish(second);
      const before = await launchProfile(profile);
      expect(await visit(before)).toMatchObject({ release: 2 });
      servers.publish(first);
      expect((await visit(before)).notes.join()).toContain('expected version 2 or later, got 1');
      await before.close();
      const after = await launchProfile(profile);
      const seen = await visit(after);
      expect(seen).toMatchObject({ source: 'policy', release: 2 });
      expect(seen.notes.join()).toContain('expected version 2 or later, got 1');
      servers.publish(await asVersion(first, 3));
      await visit(after);
      expect(await visit(after)).toMatchObject({ source: 'policy', release: 3, notes: [] });
      await after.close();
    } finally {
      await rm(profile, { recursive: true, force: true });
    }
  });

  it('is refused although the files of the higher one never came', async () => {
    const { servers, browser, visit } = shop;
    servers.files.clear();
    servers.publish(first);
    const device = await browser.newContext();
    await visit(device);
    servers.manifest = JSON.stringify((await asVersion(second, 5)).signed);
    expect(await visit(device)).toMatchObject({ source: 'policy', release: 1 });
    servers.publish(await asVersion(second, 4));
    const after = await visit(device);
    expect(after).toMatchObject({ source: 'policy', release: 1 });
    expect(after.notes.join()).toContain('expected version 5 or later, got 4');
    await device.close();
  });
});
