/** Chromium, by playwright-core. */

import { chromiumPath } from '../../../demo-shop/shoppers/chromium.ts';
import { launchChromium } from '../chromium.ts';
import type { EngineKind } from './engine.ts';

export const chromium: EngineKind = {
  name: 'chromium',
  install: 'apt-get install chromium, or npx playwright-core install chromium',
  installed: () => chromiumPath() !== undefined,
  async launch() {
    const browser = await launchChromium();
    return {
      async open() {
        const context = await browser.newContext();
        const page = await context.newPage();
        return {
          goto: async (url) => void (await page.goto(url)),
          evaluate: (work: (argument: never) => unknown, argument?: unknown) =>
            page.evaluate(work as never, argument) as never,
          back: async () => void (await page.goBack({ waitUntil: 'commit' })),
          close: () => context.close(),
        };
      },
      close: () => browser.close(),
    };
  },
};
