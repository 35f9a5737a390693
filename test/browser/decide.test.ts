import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import { bundleFixture, type Fixture } from '../helpers/bundle-fixture.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { type SdkServers, startSdkServers } from '../helpers/sdk-servers.ts';

declare const promoEdge: PromoEdge;

let servers: SdkServers;
let browser: Browser;
let fixture: Fixture;

beforeAll(async () => {
  [servers, browser, fixture] = await Promise.all([startSdkServers(), launchChromium(), bundleFixture()]);
  servers.publish(fixture);
});

afterAll(async () => {
  await browser?.close();
  await servers?.close();
});

describe('the script tag', () => {
  it('decides by tier 0 on a cold visit', async () => {
    servers.pages.set('/', {
      html: `<!doctype html><html lang="en"><head>${servers.tag(fixture.key.publicKey)}</head><body>shop</body></html>`,
    });
    const { page, errors } = await open('/');
    const ready = await page.evaluate(() => promoEdge.ready());
    expect(errors).toEqual([]);
    expect(ready).toMatchObject({ tier: 'kernels', release: 1 });
    const decision = await page.evaluate(() => promoEdge.decide('cart'));
    expect(decision).toMatchObject({ slot: 'cart', source: 'policy', tier: 'kernels', release: 1 });
    expect(Object.keys(decision.values).sort()).toEqual(['free-shipping', 'none', 'tea-20', 'ten-off']);
  });
});

async function open(path: string): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(servers.page + path);
  await page.waitForFunction(
    () => !Array.isArray((globalThis as { promoEdge?: unknown }).promoEdge) && 'promoEdge' in globalThis,
  );
  return { page, errors };
}
