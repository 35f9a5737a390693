/** The rules of promotions on a page of headless Chromium: their answers, and the till's time. */

import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { launchChromium } from './chromium.ts';

/** Milliseconds of each order, ascending: the fastest of fifteen runs each. */
export async function timesInChromium(orders: readonly object[]): Promise<number[]> {
  const [browser, code] = await Promise.all([launchChromium(), rulesAsScript()]);
  try {
    const page = await browser.newPage();
    await withRules(page, code);
    return await page.evaluate((given) => {
      const { priceCart } = (globalThis as unknown as { rules: { priceCart(...args: unknown[]): unknown } })
        .rules;
      const list = given as { cart: unknown; promotions: unknown }[];
      for (const { cart, promotions } of list) priceCart(cart, promotions, { now: 0 });
      // Nothing here has a name: tsx would wrap it in a helper that the page does not have.
      return list
        .map(({ cart, promotions }) =>
          Math.min(
            ...Array.from({ length: 15 }, () => {
              // The page's clock has steps of 0.1 ms: four at a time.
              const began = performance.now();
              for (let i = 0; i < 4; i++) priceCart(cart, promotions, { now: 0 });
              return (performance.now() - began) / 4;
            }),
          ),
        )
        .sort((a, b) => a - b);
    }, orders);
  } finally {
    await browser.close();
  }
}

/** Puts `rules`, all of rules-script.ts, on a page. */
export async function withRules(page: Page, code?: string): Promise<void> {
  await page.goto('about:blank');
  await page.addScriptTag({ content: code ?? (await rulesAsScript()) });
}

async function rulesAsScript(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      minify: true,
      lib: {
        entry: join(import.meta.dirname, 'rules-script.ts'),
        name: 'rules',
        formats: ['iife'],
      },
    },
  });
  const [first] = Array.isArray(result) ? result : [result];
  if (first === undefined || !('output' in first)) throw new Error('expected one script of the rules');
  return first.output[0].code;
}
