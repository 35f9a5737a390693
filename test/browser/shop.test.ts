import { execFile } from 'node:child_process';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serve } from '@hono/node-server';
import AxeSource from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { promotions } from '../../demo-shop/catalogue/promotions.ts';
import { shopServer } from '../../demo-shop/serve.ts';
import { pageDriver } from '../../demo-shop/shoppers/browser.ts';
import { chance } from '../../demo-shop/shoppers/driver.ts';
import { personaNamed } from '../../demo-shop/shoppers/personas.ts';
import { visit } from '../../demo-shop/shoppers/visit.ts';
import type { PromoEdge } from '../../sdk/index.ts';
import type { PublicPromotion } from '../../shared/bundle.ts';
import { readPromotions } from '../../shared/promotion.ts';
import { bundleFixture } from '../helpers/bundle-fixture.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { type SdkServers, startSdkServers } from '../helpers/sdk-servers.ts';

const ROOT = join(import.meta.dirname, '../..');
const BUILT = join(ROOT, 'dist/shop');

declare const promoEdge: PromoEdge;

let browser: Browser;
let trainer: SdkServers;
let shop: Server;
let alone: Server;
const contexts: BrowserContext[] = [];

const origin = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  // As shipped: inside the test runner's own process Vite would build for development.
  const vite = ['node_modules/vite/bin/vite.js', 'build', '--config', 'demo-shop/vite.config.ts'];
  await promisify(execFile)('node', vite, { cwd: ROOT, env: { ...process.env, NODE_ENV: 'production' } });
  const shown: PublicPromotion[] = readPromotions(promotions(Date.now()), 'EUR').map(
    ({ costPerUse: _, ...promotion }) => promotion,
  );
  const [fixture, servers] = await Promise.all([bundleFixture({ promotions: shown }), startSdkServers()]);
  trainer = servers;
  trainer.publish(fixture);
  const embed = {
    endpoint: trainer.endpoint,
    siteKey: 'pk_test',
    keys: fixture.key.publicKey,
    timeout: 20_000,
  };
  shop = await listening(shopServer(BUILT, embed));
  alone = await listening(shopServer(BUILT, undefined));
  browser = await launchChromium();
});

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});

afterAll(async () => {
  await browser?.close();
  await trainer?.close();
  for (const server of [shop, alone]) server?.close();
});

function listening(app: ReturnType<typeof shopServer>): Promise<Server> {
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () =>
      resolve(server as Server),
    );
  });
}

interface Visitor {
  page: Page;
  errors: string[];
}

async function enter(
  server: Server,
  path: string,
  locale = 'en-GB',
  kept: object = { consented: true },
): Promise<Visitor> {
  const context = await browser.newContext({ locale, viewport: { width: 1280, height: 900 } });
  contexts.push(context);
  await context.addInitScript((state) => {
    localStorage['lantern-lane'] ??= state;
  }, JSON.stringify(kept));
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy/.test(message.text()))
      errors.push(message.text());
  });
  await page.goto(origin(server) + path);
  await page.locator('main h1').first().waitFor();
  return { page, errors };
}

const textOf = async (page: Page, selector: string): Promise<string> =>
  ((await page.locator(selector).first().textContent()) ?? '').trim();
const heading = (page: Page): Promise<string> => textOf(page, 'main h1');

describe('the shop by itself', () => {
  it('lets a shopper browse, search, buy and send back, with real addresses', async () => {
    const { page, errors } = await enter(alone, '/');
    await page.getByRole('link', { name: 'Tea', exact: true }).first().click();
    expect(new URL(page.url()).pathname).toBe('/c/tea');
    await page.locator('.card-link').first().click();
    expect(new URL(page.url()).pathname).toMatch(/^\/p\//);
    await page.goBack();
    expect(await heading(page)).toBe('Tea');
    await page.locator('#q').fill('blue mug');
    await page.locator('#q').press('Enter');
    await expect.poll(() => heading(page)).toBe('Results for “blue mug”');
    expect(await textOf(page, '.card-title')).toMatch(/mug in .*blue/);
    await page.locator('.card .add').first().click();
    await page.locator('.to-cart').click();
    await page.getByRole('button', { name: 'Go to checkout' }).click();
    for (const name of ['email', 'name', 'address', 'postcode', 'city'])
      await page.locator(`input[name=${name}]`).fill(name === 'email' ? 'a@example.org' : 'x');
    await page.getByRole('button', { name: 'Place demo order' }).click();
    expect(await heading(page)).toBe('Thank you');
    await page.getByRole('button', { name: 'Return this order' }).click();
    expect(await textOf(page, '.order .badge')).toBe('Returned');
    expect(errors).toEqual([]);
  });

  it('drops an offer at the checkout without placing the order', async () => {
    const kept = { consented: true, cart: [{ sku: 'MUG-01', quantity: 1 }], offers: ['welcome-10'] };
    const { page } = await enter(alone, '/checkout', 'en-GB', kept);
    await page.getByRole('button', { name: /^Remove: 10% off/ }).click();
    expect(await page.locator('[data-total]').getAttribute('data-total')).toBe('2290');
    expect(await heading(page)).toBe('Checkout');
  });

  it('speaks Chinese to who reads it, and changes language without leaving the page', async () => {
    const { page } = await enter(alone, '/p/TGR-01', 'zh-CN');
    expect(await heading(page)).toBe('龙井绿茶 80 克罐装');
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await page.getByRole('button', { name: 'English' }).click();
    expect(await heading(page)).toBe('Longjing green tea, 80 g tin');
    await page.goto(`${origin(alone)}/search?q=${encodeURIComponent('紫砂壶')}`);
    await page.locator('.card-title').first().waitFor();
    expect(await textOf(page, '.card-title')).toMatch(/Yixing/);
  });

  it('can be used from the door to the order by keyboard alone', async () => {
    const { page } = await enter(alone, '/p/MUG-01');
    const reach = async (selector: string): Promise<void> => {
      for (let i = 0; i < 80; i++) {
        if (await page.evaluate((target) => document.activeElement?.matches(target), selector)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`expected the Tab key to reach ${selector}`);
    };
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip');
    await reach('.buy .button');
    await page.keyboard.press('Enter');
    expect(await textOf(page, '[role=status]')).toMatch(/is in your basket/);
    await page.goto(`${origin(alone)}/cart`);
    await reach('.summary .button');
    await page.keyboard.press('Enter');
    for (const name of ['email', 'name', 'address', 'postcode', 'city']) {
      await reach(`input[name=${name}]`);
      await page.keyboard.type(name === 'email' ? 'a@example.org' : 'x');
    }
    await page.keyboard.press('Enter');
    await expect.poll(() => heading(page)).toBe('Thank you');
  });

  it('pushes what shoppers do to the dataLayer under GA4’s names', async () => {
    const { page } = await enter(alone, '/c/lighting');
    await page.locator('.card-link').first().click();
    await page.locator('.buy .button').click();
    await page.locator('.buy .wish').click();
    await page.locator('.rate label').nth(4).click();
    await page.locator('.to-cart').click();
    await page
      .getByRole('button', { name: /^Remove/ })
      .first()
      .click();
    const names = await page.evaluate(() =>
      (globalThis as unknown as { dataLayer: { event?: string }[] }).dataLayer.flatMap(
        (entry) => entry.event ?? [],
      ),
    );
    expect(names.filter((name) => name !== 'dwell')).toEqual([
      'view_item_list',
      'select_item',
      'view_item',
      'add_to_cart',
      'add_to_wishlist',
      'rate',
      'remove_from_cart',
    ]);
  });

  it('says so where there is no network, and opens on the second try', async () => {
    const context = await browser.newContext();
    contexts.push(context);
    const page = await context.newPage();
    await page.route('**/data/catalogue.json', (route) => route.abort());
    await page.goto(origin(alone));
    await page.getByText('No connection to the shop').waitFor();
    await page.unroute('**/data/catalogue.json');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.hero h1').waitFor();
  });

  it('keeps its own words in every slot where there is no trainer', async () => {
    const { page, errors } = await enter(alone, '/');
    expect(await textOf(page, 'promo-slot')).toBe('Every parcel is packed by hand, in paper.');
    expect(errors).toEqual([]);
  });

  for (const [path, scheme] of [
    ['/', 'light'],
    ['/c/garden', 'dark'],
    ['/p/LMP-01', 'light'],
    ['/cart', 'dark'],
    ['/checkout', 'light'],
    ['/search?q=tea', 'dark'],
    ['/privacy', 'light'],
    ['/nowhere', 'dark'],
  ] as const) {
    it(`has no serious accessibility violation on ${path}, ${scheme}`, async () => {
      const { page } = await enter(alone, path, 'en-GB', { cart: [{ sku: 'MUG-01', quantity: 1 }] });
      await page.emulateMedia({ colorScheme: scheme });
      await page.evaluate(AxeSource.source);
      const found = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: typeof AxeSource };
        const { violations } = await axe.run();
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
      });
      expect(found).toEqual([]);
    });
  }
});

describe('the shop with Promo Edge', () => {
  it('lets the SDK decide under its strict policy, without an error on the page', async () => {
    const { page, errors } = await enter(shop, '/p/TGR-01');
    const ready = await page.evaluate(
      () => new Promise((resolve) => promoEdge.push((edge) => void edge.ready().then(resolve))),
    );
    expect(ready).toMatchObject({ release: 1, tier: 'kernels' });
    await expect.poll(() => page.locator('promo-slot').getAttribute('data-decided')).toBeTruthy();
    expect(errors).toEqual([]);
  });

  it('draws the promotion in its own hand, and takes it off the basket when it is used', async () => {
    const { page } = await enter(shop, '/p/MUG-01');
    await page.evaluate(() => promoEdge.push((edge) => edge.override('cart', 'welcome-10')));
    await page.locator('.buy .button').click();
    await page.locator('.to-cart').click();
    await page.locator('.slot-cart .slot-title', { hasText: '10% off everything' }).waitFor();
    const before = Number(await page.locator('[data-total]').getAttribute('data-total'));
    await page.locator('.slot-cart .button').click();
    // 18.00 of mug and 4.90 of delivery; ten per cent are taken off the mug alone.
    expect(before).toBe(1800 + 490);
    expect(Number(await page.locator('[data-total]').getAttribute('data-total'))).toBe(1620 + 490);
  });

  it('opens the inspector by its keys, fetched only then: values, probabilities and events of the device', async () => {
    const { page, errors } = await enter(shop, '/p/TGR-01');
    await expect.poll(() => page.locator('promo-slot').getAttribute('data-decided')).toBeTruthy();
    const fetched = (): Promise<boolean> =>
      page.evaluate(() =>
        performance.getEntriesByType('resource').some(({ name }) => /inspector|assets\/main-/.test(name)),
      );
    expect(await fetched()).toBe(false);
    await page.keyboard.press('Alt+Shift+KeyP');
    await page.locator('.inspector table').first().waitFor();
    expect(await fetched()).toBe(true);
    const probabilities = await page
      .locator('.inspector details[open] tbody td:last-child')
      .allTextContents();
    expect(probabilities).toHaveLength(promotions(0).length + 1);
    expect(probabilities.reduce((sum, text) => sum + Number(text), 0)).toBeCloseTo(1, 1);
    expect(await textOf(page, '.inspector .events')).toMatch(/view_item\s+TGR-01/);
    await page.keyboard.press('Alt+Shift+KeyP');
    expect(await page.locator('.inspector').count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it('passes the check of the start script, which prints what was decided', async () => {
    const args = ['--import', 'tsx', 'demo-shop/shoppers/run.ts', '--base', origin(shop), '--check'];
    const { stdout } = await promisify(execFile)('node', args, { cwd: ROOT });
    expect(stdout).toMatch(/release 1, tier kernels/);
    expect(stdout).toMatch(/Slot 'cart': \S+, propensity 0\.\d+/);
  });

  it('is what a scripted shopper can walk through', async () => {
    const { page, errors } = await enter(shop, '/');
    const quick = { ...personaNamed('gift-buyer'), looks: 2, dwells: 50, adds: 1, buys: 1 };
    const seen = await visit(pageDriver(page, origin(shop)), quick, chance(3));
    expect(seen.looked).toHaveLength(2);
    expect(seen.paid).toMatch(/^€\d/);
    expect(seen.offers.length).toBeGreaterThan(2);
    expect(errors).toEqual([]);
  });
});
