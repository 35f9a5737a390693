/** What a test of the SDK in Chromium stands on: two origins, a browser, and a release that the endpoint has out. */

import type { Browser } from 'playwright-core';
import { bundleFixture, type Fixture } from './bundle-fixture.ts';
import { launchChromium } from './chromium.ts';
import { type SdkServers, startSdkServers } from './sdk-servers.ts';

export interface SdkInBrowser {
  servers: SdkServers;
  browser: Browser;
  fixture: Fixture;
  close(): Promise<void>;
}

/** For a `beforeAll`, which gives `close` back to the runner. */
export async function sdkInBrowser(): Promise<SdkInBrowser> {
  const [servers, browser, fixture] = await Promise.all([
    startSdkServers(),
    launchChromium(),
    bundleFixture(),
  ]);
  servers.publish(fixture);
  const close = async (): Promise<void> => {
    await browser.close();
    await servers.close();
  };
  return { servers, browser, fixture, close };
}
