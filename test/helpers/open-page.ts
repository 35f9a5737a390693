/** A page of the SDK's test servers, with everything that goes wrong on it written down. */

import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { PromoEdge } from '../../sdk/api.ts';

declare const promoEdge: PromoEdge;

export interface Opened {
  context: BrowserContext;
  page: Page;
  /** Exceptions, console errors and violations of the content security policy. */
  errors: string[];
}

interface OpenOptions {
  /** Runs before the page's own scripts. */
  before?: () => void;
}

export async function openPage(
  target: Browser | BrowserContext,
  url: string,
  { before }: OpenOptions = {},
): Promise<Opened> {
  const context = 'newContext' in target ? await target.newContext() : target;
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    // Chromium says every failed request so; requests are not exceptions.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      errors.push(message.text());
  });
  await page.addInitScript(() => {
    const notes: string[] = [];
    Object.assign(globalThis, { violations: notes });
    document.addEventListener('securitypolicyviolation', (event) => {
      notes.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  if (before !== undefined) await page.addInitScript(before);
  await page.goto(url);
  await page.waitForFunction(() => 'promoEdge' in globalThis && !Array.isArray(promoEdge));
  return { context, page, errors };
}

export const violations = (page: Page): Promise<string[]> =>
  page.evaluate(() => (globalThis as unknown as { violations: string[] }).violations);

/** A page with the script tag in its head. */
export const shopPage = (tag: string, body = ''): string =>
  `<!doctype html><html lang="en"><head><link rel="icon" href="data:,">${tag}</head><body>${body}</body></html>`;
