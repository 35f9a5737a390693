import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import { TIMELINE } from '../../sdk/worker/timeline.ts';
import { ADAPTING, bundleFixture } from '../helpers/bundle-fixture.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { openPage, shopPage } from '../helpers/open-page.ts';
import { type SdkServers, startSdkServers } from '../helpers/sdk-servers.ts';

declare const promoEdge: PromoEdge;

let servers: SdkServers;
let browser: Browser;

beforeAll(async () => {
  const [fixture] = await Promise.all([
    bundleFixture({ onnx: true, adaptation: ADAPTING }),
    startSdkServers().then((started) => (servers = started)),
    launchChromium().then((launched) => (browser = launched)),
  ]);
  servers.publish(fixture);
  servers.pages.set('/', { html: shopPage(servers.tag(fixture.key.publicKey, 'data-poll-ms="3000"')) });
  servers.pages.set('/frozen', {
    html: shopPage(servers.tag(fixture.key.publicKey, 'data-poll-ms="3000" data-adapt="off"')),
  });
  servers.pages.set('/ort', {
    html: shopPage(servers.tag(fixture.key.publicKey, 'data-ort data-poll-ms="3000"')),
  });
});

afterAll(async () => {
  await browser?.close();
  await servers?.close();
});

/** The skus of a recommendation once a product beyond the first group's most visited ones is among them. */
const ranked = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    for (;;) {
      const { items } = await promoEdge.recommend('home', { k: 8 });
      if (items[0]?.title !== undefined && items[0].score !== 1) return items.map(({ sku }) => sku);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

/** The tier that decides, once it is `wanted`. */
const tierIs = (page: Page, wanted: string): Promise<void> =>
  page.evaluate(async (wanted) => {
    for (;;) {
      const { tier } = await promoEdge.decide('cart', { timeout: 10_000 });
      if (tier === wanted) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }, wanted);

/** A browser in which code stands before the helper's own; the hashes that lead to it go, or it would be refused. */
async function withHelper(code: string): Promise<BrowserContext> {
  const context = await browser.newContext();
  const change = (file: string, changed: (body: string) => string): Promise<unknown> =>
    context.route(`**/${file}.js*`, async (route) => {
      const body = await (await route.fetch()).text();
      await route.fulfill({ body: changed(body), contentType: 'text/javascript' });
    });
  const trusting = (body: string): string => body.replace(/sha256-[\w+/=]{44}/g, '');
  await change('promo-edge', trusting);
  await change('promo-edge-worker', trusting);
  await change('promo-edge-helper', (body) => `${code};${body}`);
  return context;
}

describe('the helper', () => {
  it('ranks the whole catalogue once the idle group is here; before, the most visited products stand in', async () => {
    const { page, context, errors } = await openPage(browser, servers.page);
    const first = await page.evaluate(async () => {
      await promoEdge.ready();
      return promoEdge.recommend('home', { k: 3 });
    });
    expect(first.items.map(({ sku }) => sku)).toEqual(['p0', 'p1', 'p2']);
    expect((await ranked(page)).length).toBe(8);
    const beside = await page.evaluate(() => {
      // Of a shopper who looked at nothing, nothing is said to fit.
      promoEdge.track('view_item', { items: [{ item_id: 'p1' }] });
      return promoEdge.recommend('cart', { k: 4, cart: ['p0'] });
    });
    expect(beside.items).toHaveLength(4);
    expect(beside.items.map(({ sku }) => sku)).not.toContain('p0');
    expect(beside.items.every(({ reasons }) => reasons!.length > 0)).toBe(true);
    expect(errors).toEqual([]);
    await context.close();
  });

  it.each([
    ['that never starts', "throw new Error('no')"],
    ['that never answers', 'globalThis.onmessage=()=>{};for(;;){}'],
  ])('costs a decision nothing: one %s', async (_name, code) => {
    const context = await withHelper(code);
    const { page } = await openPage(context, servers.page);
    await page.evaluate(() => promoEdge.ready());
    await page.waitForTimeout(3000);
    const decision = await page.evaluate(() => promoEdge.decide('cart', { timeout: 5000 }));
    expect(decision).toMatchObject({ source: 'policy', tier: 'kernels' });
    await context.close();
  });

  it('is not ended for having no time while it takes up a release', async () => {
    // Six seconds of work, as compiling and comparing engines is on a slow device; an answer has five.
    const context = await withHelper(`{
      const { parse } = JSON;
      JSON.parse = (...text) => {
        JSON.parse = parse;
        for (const until = Date.now() + 6500; Date.now() < until; );
        return parse(...text);
      };
    }`);
    const started: string[] = [];
    context.on('page', (page) => page.on('worker', (worker) => started.push(worker.url())));
    const { page } = await openPage(context, servers.page);
    // What decides, and the helper.
    await expect.poll(() => started.length, { timeout: 30_000 }).toBe(2);
    // Asks the helper while it works.
    await page.evaluate(() => promoEdge.exportData());
    expect((await ranked(page)).length).toBe(8);
    expect(started).toHaveLength(2);
    await context.close();
  });

  it('may die: the kernels decide in time, and the clock brings it back', async () => {
    const { page, context, errors } = await openPage(browser, `${servers.page}/ort`);
    await tierIs(page, 'ort-wasm');
    await closeHelper(page);
    const decision = await page.evaluate(() => promoEdge.decide('cart', { timeout: 5000 }));
    expect(decision).toMatchObject({ source: 'policy', tier: 'kernels' });
    await tierIs(page, 'ort-wasm');
    expect(errors).toEqual([]);
    await context.close();
  });
});

/** Two offers: the first is clicked and bought with, the second closes the first one's window. */
const buyWithTea = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    await promoEdge.ready();
    const first = await promoEdge.decide('cart', { eligible: ['tea-20'], timeout: 20_000 });
    promoEdge.exposed(first.id);
    promoEdge.track('select_promotion', { promotion_id: 'tea-20' });
    promoEdge.track('purchase', { value: 9, items: [{ item_id: 'p2', price: 9, quantity: 1 }] });
    const second = await promoEdge.decide('cart', { eligible: ['free-shipping'], timeout: 20_000 });
    promoEdge.exposed(second.id);
  });

/** What the device says it has learned, and what entered a decision that is made now. */
const learned = (page: Page, measurement: 'granted' | 'pending' = 'pending') =>
  page.evaluate(async (measurement) => {
    promoEdge.setConsent({ measurement });
    await promoEdge.decide('home', { timeout: 20_000 });
    const { learned, decisions } = (await promoEdge.exportData()) as {
      learned?: { by: Record<string, number> };
      decisions: { request: { own?: Record<string, number> } }[];
    };
    return { kept: learned?.by['tea-20'], entered: decisions.at(-1)?.request.own?.['tea-20'] };
  }, measurement);

describe('learning on the device', () => {
  it('goes by how its shopper answers offers, enters no decision that is sent, and ends with forget()', async () => {
    const { page, context, errors } = await openPage(browser, servers.page);
    await buyWithTea(page);
    await expect.poll(async () => (await learned(page)).entered ?? 0, { timeout: 20_000 }).toBeGreaterThan(1);
    await page.reload();
    await page.waitForFunction(() => !Array.isArray(promoEdge));
    const { kept, entered } = await learned(page);
    expect(entered).toBe(kept);
    expect(entered).toBeLessThanOrEqual(ADAPTING.bound);
    expect(await learned(page, 'granted')).toEqual({ kept, entered: undefined });
    await page.evaluate(() => promoEdge.forget());
    expect(await learned(page)).toEqual({ kept: undefined, entered: undefined });
    expect(errors).toEqual([]);
    await context.close();
  });

  it('does not happen where the shop has switched it off', async () => {
    const { page, context } = await openPage(browser, `${servers.page}/frozen`);
    await buyWithTea(page);
    // Once the catalogue is ranked the helper has the release, and would have been asked to learn.
    await ranked(page);
    await page.waitForTimeout(3500);
    expect(await learned(page)).toEqual({ kept: undefined, entered: undefined });
    await context.close();
  });
});

/** The worker that decides has a timeline, its helper has none. */
async function closeHelper(page: Page): Promise<void> {
  for (const worker of page.workers())
    if (await worker.evaluate((name) => !(name in globalThis), TIMELINE))
      await worker.evaluate(() => self.close());
}
