/** Firefox, by puppeteer-core over WebDriver BiDi. */

import { existsSync } from 'node:fs';
import puppeteer from 'puppeteer-core';
import type { EngineKind } from './engine.ts';

const CANDIDATES = [process.env['PROMO_EDGE_FIREFOX'], '/usr/bin/firefox-esr', '/usr/bin/firefox'];

const executable = (): string | undefined => CANDIDATES.find((path) => path && existsSync(path));

export const firefox: EngineKind = {
  name: 'firefox',
  install: 'apt-get install firefox-esr, or name one in PROMO_EDGE_FIREFOX',
  installed: () => executable() !== undefined,
  async launch() {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: executable()!,
      headless: true,
    });
    return {
      async open() {
        const context = await browser.createBrowserContext();
        const page = await context.newPage();
        return {
          goto: async (url) => void (await page.goto(url)),
          evaluate: (work: (argument: never) => unknown, argument?: unknown) =>
            page.evaluate(work as never, argument as never) as never,
          // A page that was kept alive does not load again: there is nothing to wait for.
          back: async () => void (await page.evaluate(() => void setTimeout(() => history.back()))),
          close: () => context.close(),
        };
      },
      close: () => browser.close(),
    };
  },
};
