import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundleFixture, type Fixture } from '../helpers/bundle-fixture.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { notingPage, type Visit, visitOf } from '../helpers/release-visit.ts';
import { type SdkServers, startSdkServers } from '../helpers/sdk-servers.ts';
import { signingKey } from '../helpers/signing.ts';

const key = signingKey();
let servers: SdkServers;
let browser: Browser;
let first: Fixture;
let second: Fixture;
let context: BrowserContext;

beforeAll(async () => {
  [servers, browser, first, second] = await Promise.all([
    startSdkServers(),
    launchChromium(),
    bundleFixture({ key, version: 1, seed: 1 }),
    bundleFixture({ key, version: 2, seed: 2 }),
  ]);
  servers.pages.set('/', { html: notingPage(servers.tag(key.publicKey)) });
});

beforeEach(async () => {
  servers.publish(first);
  context = await browser.newContext();
});

afterEach(() => context.close());

afterAll(async () => {
  await browser?.close();
  await servers?.close();
});

const visit = (target = context): Promise<Visit> => visitOf(target, servers.page);

describe('a release on the device', () => {
  it('is swapped for the next one', async () => {
    expect(await visit()).toMatchObject({ source: 'policy', release: 1 });
    servers.publish(second);
    // The last known good decides at once; the new one may be there already.
    await visit();
    expect(await visit()).toMatchObject({ source: 'policy', release: 2, notes: [] });
  });

  it('is refused when another key signed it', async () => {
    servers.publish(await bundleFixture({ version: 9 }));
    expect(await visit()).toMatchObject({ source: 'default', reason: 'no-release' });
  });

  it('is refused for another feature version', async () => {
    servers.publish(await bundleFixture({ key, version: 3, manifest: { featureVersion: 999 } }));
    const after = await visit();
    expect(after).toMatchObject({ source: 'default', reason: 'no-release' });
    expect(after.notes.join()).toContain('feature version');
  });

  it('decides without any network once it is kept', async () => {
    expect(await visit()).toMatchObject({ release: 1 });
    servers.manifest = undefined;
    servers.files.clear();
    expect(await visit()).toMatchObject({ source: 'policy', release: 1 });
  });
});
