/** The SDK's two servers, a release published on them, and a browser: for the tests of one file. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { bundleFixture, type Fixture, type FixtureOptions } from './bundle-fixture.ts';
import { launchChromium } from './chromium.ts';
import { type SdkServers, startSdkServers } from './sdk-servers.ts';

export interface SdkStage {
  servers: SdkServers;
  browser: Browser;
  fixture: Fixture;
}

/** @returns filled before the first test; a `beforeAll` that comes after the call may use it */
export function sdkStage(release: FixtureOptions = {}, args: readonly string[] = []): SdkStage {
  const stage: Partial<SdkStage> = {};
  beforeAll(async () => {
    const [servers, browser, fixture] = await Promise.all([
      startSdkServers(),
      launchChromium(args),
      bundleFixture(release),
    ]);
    servers.publish(fixture);
    Object.assign(stage, { servers, browser, fixture });
  });
  afterAll(async () => {
    await stage.browser?.close();
    await stage.servers?.close();
  });
  return stage as SdkStage;
}
