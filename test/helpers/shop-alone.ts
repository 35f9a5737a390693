/** What a test of the shop without a trainer stands on: the built pages on a server, and a browser. */

import type { Server } from 'node:http';
import type { Browser } from 'playwright-core';
import { shopServer } from '../../demo-shop/serve.ts';
import { launchChromium } from './chromium.ts';
import { BUILT, buildShop, listening } from './shop-pages.ts';

export interface ShopAlone {
  alone: Server;
  browser: Browser;
  close(): Promise<void>;
}

/** For a `beforeAll`, which gives `close` back to the runner. */
export async function shopAlone(): Promise<ShopAlone> {
  await buildShop();
  const alone = await listening(shopServer(BUILT, undefined, { client: undefined, now: Date.now }));
  const browser = await launchChromium();
  const close = async (): Promise<void> => {
    await browser.close();
    alone.close();
  };
  return { alone, browser, close };
}
