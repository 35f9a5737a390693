import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFixture } from '../helpers/bundle-fixture.ts';
import { openPage } from '../helpers/open-page.ts';
import { openReleaseShop, type ReleaseShop } from '../helpers/release-shop.ts';
import { decisionOn } from '../helpers/release-visit.ts';

/** Milliseconds between two looks for a release. */
const POLL_MS = 1000;

let shop: ReleaseShop;

beforeAll(async () => {
  shop = await openReleaseShop(`data-poll-ms="${POLL_MS}"`);
});

afterAll(() => shop?.close());

describe('safety 3: an expired manifest', () => {
  it('switches the policy off when its time comes, on an open page too, until a fresh one is published', async () => {
    const { servers, browser, key } = shop;
    const expires = Date.now() + 20_000;
    servers.publish(await bundleFixture({ key, version: 1, manifest: { expires } }));
    const { page, context } = await openPage(browser, servers.page);
    expect(await decisionOn(page)).toMatchObject({ source: 'policy', release: 1 });
    await page.waitForFunction((time) => Date.now() > time, expires, { polling: 100 });
    expect(await decisionOn(page)).toMatchObject({ source: 'default', reason: 'expired' });
    servers.publish(await bundleFixture({ key, version: 2 }));
    await expect.poll(async () => (await decisionOn(page)).release, { timeout: 30_000 }).toBe(2);
    await context.close();
  });

  it('is refused on a first visit, and the default is shown', async () => {
    const { servers, key, visit } = shop;
    const expires = Date.now() - 1;
    servers.publish(await bundleFixture({ key, version: 1, manifest: { expires } }));
    const after = await visit();
    expect(after).toMatchObject({ source: 'default', reason: 'no-release' });
    expect(after.notes.join()).toContain('expires after');
  });
});
