import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import { launchRemembering } from '../helpers/chromium.ts';
import { openPage, shopPage } from '../helpers/open-page.ts';
import { sdkStage } from '../helpers/sdk-stage.ts';

declare const promoEdge: PromoEdge;

const stage = sdkStage();
let browser: Browser;

beforeAll(async () => {
  browser = await launchRemembering();
  // A page that may not be stored is never kept alive either.
  const headers = { 'cache-control': 'max-age=0' };
  const script = '<script>addEventListener("pageshow",(event)=>{window.restored=event.persisted})</script>';
  for (const path of ['/first', '/second'])
    stage.servers.pages.set(path, {
      html: shopPage(script + stage.servers.tag(stage.fixture.key.publicKey)),
      headers,
    });
});
afterAll(() => browser?.close());

/** Opens the first page, does `there` on the second, and goes back. */
async function backFrom(there: () => unknown) {
  const opened = await openPage(browser, `${stage.servers.page}/first`);
  const { page } = opened;
  await page.evaluate(async () => {
    promoEdge.setConsent({ measurement: true });
    promoEdge.track('view_item', { items: [{ item_id: 'p1' }] });
    await promoEdge.ready();
  });
  await page.goto(`${stage.servers.page}/second`);
  await loaded(page);
  await page.evaluate(there);
  await page.goBack({ waitUntil: 'commit' });
  await loaded(page);
  return opened;
}

async function loaded(page: Page): Promise<void> {
  await page.waitForFunction(() => 'promoEdge' in globalThis && !Array.isArray(promoEdge));
  await page.evaluate(() => promoEdge.ready());
}

describe('a page out of the back-forward cache', () => {
  it('goes on deciding, with what was done on the page between', async () => {
    const { page, context, errors } = await backFrom(async () => {
      promoEdge.track('add_to_cart', { items: [{ item_id: 'p2' }] });
      await promoEdge.exportData();
    });
    expect(await page.evaluate(() => (globalThis as unknown as { restored: boolean }).restored)).toBe(true);
    const explained = await page.evaluate(async () => {
      const { id, source } = await promoEdge.decide('cart', { timeout: 10_000 });
      return { source, ...(await promoEdge.explain(id)) };
    });
    expect(explained).toMatchObject({ source: 'policy', events: 2 });
    expect(errors).toEqual([]);
    await context.close();
  });

  it('no longer has the consent that was withdrawn on the page between', async () => {
    const { page, context } = await backFrom(async () => {
      promoEdge.setConsent({ personalization: false, measurement: false });
      await promoEdge.exportData();
    });
    const { consent, events } = await page.evaluate(
      async () => (await promoEdge.exportData()) as { consent: { measurement: string }; events: unknown[] },
    );
    expect(consent.measurement).not.toBe('granted');
    expect(events).toEqual([]);
    await context.close();
  });
});
