import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import { bundleFixture } from '../helpers/bundle-fixture.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { type SdkServers, startSdkServers } from '../helpers/sdk-servers.ts';

declare const promoEdge: PromoEdge;
declare const axe: { run(): Promise<{ violations: { id: string }[] }> };

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let servers: SdkServers;
let browser: Browser;

beforeAll(async () => {
  [servers, browser] = await Promise.all([startSdkServers(), launchChromium()]);
  const fixture = await bundleFixture();
  servers.publish(fixture);
  for (const lang of ['en', 'zh']) {
    servers.pages.set(`/${lang}`, {
      html: `<!doctype html><html lang="${lang}"><head><title>shop</title>${servers.tag(fixture.key.publicKey)}
        <script type="module" src="${servers.endpoint}/sdk/promo-edge-panel.js"></script></head>
        <body><main><h1>shop</h1><button data-promo-edge-panel>Your offers</button></main></body></html>`,
    });
  }
});

afterAll(async () => {
  await browser?.close();
  await servers?.close();
});

async function visit(lang: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 420, height: 800 } })).newPage();
  await page.goto(`${servers.page}/${lang}`);
  await page.waitForFunction(() => typeof promoEdge?.ready === 'function');
  await page.evaluate(async () => {
    await promoEdge.ready();
    promoEdge.setConsent({ personalization: true });
    promoEdge.track('view_item', { sku: 'sku-1' });
    promoEdge.track('search', { query: 'tea' });
    await promoEdge.decide('cart', { timeout: 20_000 });
  });
  await page.locator('[data-promo-edge-panel]').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  return page;
}

describe("the shopper's panel", () => {
  it('says what is kept, with the keyboard alone, and gives the focus back', async () => {
    const page = await visit('en');
    const dialog = page.getByRole('dialog', { name: 'Your offers, your data' });
    await expect.poll(() => dialog.textContent()).toContain('Looks at products: 1, searches: 1');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Your offers');
  });

  it('names offers as the page that draws them does', async () => {
    const page = await visit('en');
    await page.keyboard.press('Escape');
    await page.evaluate(() => promoEdge.decide('cart', { eligible: ['ten-off'], timeout: 20_000 }));
    await page.addScriptTag({
      type: 'module',
      content: `import { openPanel } from '${servers.endpoint}/sdk/panel.js';
        openPanel(promoEdge, { titleOf: (id) => (id === 'ten-off' ? 'A tenner off' : undefined) });`,
    });
    await expect.poll(() => page.getByRole('dialog').textContent()).toContain('“A tenner off”');
    await page.context().close();
  });

  it('forgets only when asked twice, and then shows that nothing is left', async () => {
    const page = await visit('en');
    await page.getByRole('button', { name: 'Forget everything' }).click();
    expect(
      await page.evaluate(async () => ((await promoEdge.exportData()) as { events: [] }).events.length),
    ).toBe(2);
    await page.getByRole('button', { name: 'Really forget everything?' }).click();
    await expect
      .poll(() => page.getByRole('dialog').textContent())
      .toContain('Looks at products: 0, searches: 0');
    await page.context().close();
  });

  it('switches personalization off, and says that nothing is kept', async () => {
    const page = await visit('en');
    await page.getByRole('checkbox', { name: 'Choose offers for me' }).uncheck();
    await expect.poll(() => page.getByRole('dialog').textContent()).toContain('switched off');
    // All of it was drawn anew; a keyboard still stands where it stood.
    const focused = page.getByRole('checkbox', { name: 'Choose offers for me' });
    await expect.poll(() => focused.evaluate((box) => box.matches(':focus'))).toBe(true);
    const { source, reasons } = await page.evaluate(() => promoEdge.decide('cart', { timeout: 20_000 }));
    expect({ source, reasons }).toEqual({ source: 'default', reasons: [{ code: 'consent' }] });
    await page.context().close();
  });

  it('lets a shopper agree to the weekly bit, and shows what it has cost', async () => {
    const page = await visit('en');
    await page.getByRole('checkbox', { name: 'Send one randomized bit a week' }).check();
    const { consent } = await page.evaluate(
      async () => (await promoEdge.exportData()) as { consent: Record<string, string> },
    );
    expect(consent).toMatchObject({ reports: 'granted', measurement: 'pending' });
    await page.context().close();
  });

  it('speaks Chinese on a Chinese page, and has no faults that axe knows, in light and in dark', async () => {
    const page = await visit('zh');
    await page.getByRole('dialog', { name: '你的优惠与数据' }).waitFor();
    await page.evaluate(AXE);
    // Most pages have a header of their own, beside which the dialog must not be a second one.
    await page.evaluate(() => document.body.prepend(document.createElement('header')));
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect((await page.evaluate(() => axe.run())).violations.map(({ id }) => id)).toEqual([]);
    }
    await page.context().close();
  });
});
