import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import { bundleFixture, type Fixture } from '../helpers/bundle-fixture.ts';
import { openPage } from '../helpers/open-page.ts';
import { openReleaseShop, type ReleaseShop } from '../helpers/release-shop.ts';
import { asVersion, decisionOn } from '../helpers/release-visit.ts';

declare const promoEdge: PromoEdge;

let shop: ReleaseShop;
let release: Fixture;

const polls = (): number => shop.servers.requests.filter(({ url }) => url.endsWith('/manifest.json')).length;

beforeAll(async () => {
  shop = await openReleaseShop('data-poll-ms="1000"');
  release = await bundleFixture({ key: shop.key, version: 1 });
});

afterAll(() => shop?.close());

describe('safety 8: the kill switch', () => {
  it('stops every decision, recommendation and search of an open page within one poll', async () => {
    const { servers, browser, key } = shop;
    servers.publish(release);
    const { page, context } = await openPage(browser, servers.page);
    expect(await decisionOn(page)).toMatchObject({ source: 'policy', release: 1 });
    const off = await bundleFixture({ key, version: 2, manifest: { mode: 'off' } });
    servers.publish(off);
    const before = polls();
    await expect.poll(polls, { timeout: 20_000 }).toBeGreaterThan(before);
    // The answer to that poll is on its way; the next one has not been asked for.
    await expect.poll(async () => (await decisionOn(page)).source, { timeout: 5_000 }).toBe('default');
    expect(await decisionOn(page)).toMatchObject({ source: 'default', reason: 'mode-off' });
    const idle = await page.evaluate(async () => [
      await promoEdge.recommend('home', { k: 3 }),
      await promoEdge.search('tea'),
    ]);
    expect(idle).toEqual([{ items: [] }, { items: [] }]);
    await context.close();
  });

  it('holds after a restart and without a network, and ends with the next release', async () => {
    const { servers, browser, key, visit } = shop;
    servers.publish(release);
    const device = await browser.newContext();
    expect(await visit(device)).toMatchObject({ release: 1 });
    servers.publish(await bundleFixture({ key, version: 2, manifest: { mode: 'off' } }));
    await visit(device);
    servers.manifest = undefined;
    servers.files.clear();
    expect(await visit(device)).toMatchObject({ source: 'default', reason: 'mode-off' });
    servers.publish(await asVersion(release, 3));
    await visit(device);
    expect(await visit(device)).toMatchObject({ source: 'policy', release: 3 });
    await device.close();
  });
});
