import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../../shared/random.ts';
import { bundleFixture, type Fixture } from '../helpers/bundle-fixture.ts';
import { openReleaseShop, type ReleaseShop } from '../helpers/release-shop.ts';
import { flipped } from '../helpers/release-visit.ts';

let shop: ReleaseShop;
let first: Fixture;
let second: Fixture;

beforeAll(async () => {
  shop = await openReleaseShop();
  first = await bundleFixture({ key: shop.key, version: 1, seed: 1 });
  second = await bundleFixture({ key: shop.key, version: 2, seed: 2 });
});

afterAll(() => shop?.close());

describe('safety 1 in Chromium: a flipped bit', () => {
  it('in any file of the next release leaves the last known good', async () => {
    const { servers, browser, visit } = shop;
    const random = seeded('bits of files');
    for (const { sha256, path } of second.signed.signed.files) {
      // A device of its own: one that has tried before holds good copies of the other files, and then of all.
      const device = await browser.newContext();
      servers.publish(first);
      expect(await visit(device)).toMatchObject({ source: 'policy', release: 1 });
      servers.publish(second);
      const bytes = second.files.get(sha256)!;
      servers.files.set(sha256, flipped(bytes, random.int(bytes.length * 8)));
      const after = await visit(device);
      expect({ path, ...after }).toMatchObject({ path, source: 'policy', release: 1 });
      expect(after.notes.join()).toContain('SHA-256');
      await device.close();
    }
  });

  it('in the next manifest leaves the last known good', async () => {
    const { servers, browser, visit } = shop;
    const random = seeded('bits of manifests');
    servers.publish(first);
    const device = await browser.newContext();
    expect(await visit(device)).toMatchObject({ release: 1 });
    servers.publish(second);
    const text = Buffer.from(servers.manifest!);
    for (let i = 0; i < 5; i++) {
      // Bit 7 would be no UTF-8 any more, which every reader replaces by the same character.
      const bit = 8 * random.int(text.length) + random.int(7);
      servers.manifest = Buffer.from(flipped(text, bit)).toString();
      const after = await visit(device);
      expect({ bit, ...after }).toMatchObject({ bit, source: 'policy', release: 1 });
      expect(after.notes).not.toEqual([]);
    }
    await device.close();
  });

  it('on a first visit leaves the default', async () => {
    const { servers, visit } = shop;
    servers.publish(first);
    const { sha256 } = first.signed.signed.files[1]!;
    servers.files.set(sha256, flipped(first.files.get(sha256)!));
    expect(await visit()).toMatchObject({ source: 'default', reason: 'no-release' });
  });
});
