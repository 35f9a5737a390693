/** Hands in a real Chromium. */

import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumAt, QUIET } from './chromium.ts';
import type { Driver } from './driver.ts';
import type { Persona } from './personas.ts';

/** Chromium with everything off that would talk to others than the shop. @throws where there is none */
export const openChromium = (headless = true): Promise<Browser> =>
  chromium.launch({ headless, executablePath: chromiumAt(), args: QUIET });

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const DESKTOP = { viewport: { width: 1280, height: 900 } };

/** A shopper's own browser profile: nothing is shared between two of them. */
export const profileOf = (browser: Browser, persona: Persona): Promise<BrowserContext> =>
  browser.newContext({ locale: persona.locale, ...(persona.device === 'phone' ? PHONE : DESKTOP) });

/** How long an element that should be there may take. */
const PATIENCE_MS = 2000;

/** @param base the shop's address */
export function pageDriver(page: Page, base: string): Driver {
  const first = (selector: string) => page.locator(selector).first();
  return {
    async open(path) {
      await page.goto(new URL(path, base).href);
      // What the server wrote answers to no click yet.
      await first('#shop:not([data-written]) main h1').waitFor();
    },
    async click(selector, nth = 0) {
      const target = page.locator(selector).nth(nth);
      if ((await target.count()) === 0) return false;
      return target.click({ timeout: PATIENCE_MS }).then(
        () => true,
        () => false,
      );
    },
    async fill(selector, text) {
      if ((await page.locator(selector).count()) === 0) return false;
      await first(selector).fill(text);
      return true;
    },
    submit: (selector) => first(selector).press('Enter'),
    count: (selector) => page.locator(selector).count(),
    text: async (selector) => ((await first(selector).textContent()) ?? '').trim(),
    async attribute(selector, name) {
      if ((await page.locator(selector).count()) === 0) return undefined;
      return (await first(selector).getAttribute(name)) ?? undefined;
    },
    appears: (selector) =>
      first(selector)
        .waitFor({ timeout: PATIENCE_MS })
        .then(
          () => true,
          () => false,
        ),
    wait: (ms) => page.waitForTimeout(ms),
  };
}
