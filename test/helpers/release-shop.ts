/** A shop, an endpoint and a browser: everything between a publication and what shoppers see of it. */

import type { Browser, BrowserContext } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { notingPage, type Visit, visitOf } from './release-visit.ts';
import { type SdkServers, startSdkServers } from './sdk-servers.ts';
import { type SigningKey, signingKey } from './signing.ts';

export interface ReleaseShop {
  key: SigningKey;
  servers: SdkServers;
  browser: Browser;
  /** A page view of a device, or of a new one. */
  visit(context?: BrowserContext): Promise<Visit>;
  close(): Promise<void>;
}

/** @param attributes of the script tag, beside the obligatory ones */
export async function openReleaseShop(attributes = ''): Promise<ReleaseShop> {
  const key = signingKey();
  const [servers, browser] = await Promise.all([startSdkServers(), launchChromium()]);
  servers.pages.set('/', { html: notingPage(servers.tag(key.publicKey, attributes)) });
  return {
    key,
    servers,
    browser,
    async visit(context) {
      const device = context ?? (await browser.newContext());
      try {
        return await visitOf(device, servers.page);
      } finally {
        if (context === undefined) await device.close();
      }
    },
    async close() {
      await browser.close();
      await servers.close();
    },
  };
}
