import type { Server } from 'node:http';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { shopAlone } from '../helpers/shop-alone.ts';
import {
  EVERY_PAGE,
  enter as enterShop,
  heading,
  LIVED_IN,
  origin,
  textOf,
  type Visitor,
  violations,
} from '../helpers/shop-pages.ts';

let browser: Browser;
let alone: Server;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  const shop = await shopAlone();
  ({ alone, browser } = shop);
  return shop.close;
});

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});

async function enter(path: string, locale?: string, kept?: object): Promise<Visitor> {
  const visitor = await enterShop(browser, origin(alone) + path, {
    ...(locale && { locale }),
    ...(kept && { kept }),
  });
  contexts.push(visitor.context);
  return visitor;
}

describe('the shop by itself', () => {
  it('lets a shopper browse, search, buy and send back, with real addresses', async () => {
    const { page, errors } = await enter('/');
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
    await expect.poll(() => heading(page)).toBe('Thank you');
    await page.getByRole('button', { name: 'Return this order' }).click();
    await expect.poll(() => textOf(page, '.order')).toMatch(/Returned/);
    expect(errors).toEqual([]);
  });

  it('drops an offer at the checkout without placing the order', async () => {
    const kept = { consented: true, cart: [{ sku: 'MUG-01', quantity: 1 }], offers: ['welcome-10'] };
    const { page } = await enter('/checkout', 'en-GB', kept);
    await page.getByRole('button', { name: /^Remove: 10% off/ }).click();
    expect(await page.locator('[data-total]').getAttribute('data-total')).toBe('2290');
    expect(await heading(page)).toBe('Checkout');
  });

  it('speaks Chinese to who reads it, and changes language without leaving the page', async () => {
    const { page } = await enter('/p/TGR-01', 'zh-CN');
    expect(await heading(page)).toBe('龙井绿茶 80\u00a0克罐装');
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await page.getByRole('button', { name: 'English' }).click();
    expect(await heading(page)).toBe('Longjing green tea, 80\u00a0g tin');
    await page.goto(`${origin(alone)}/search?q=${encodeURIComponent('紫砂壶')}`);
    await page.locator('.card-title').first().waitFor();
    expect(await textOf(page, '.card-title')).toMatch(/Yixing/);
  });

  it('pushes what shoppers do to the dataLayer under GA4’s names', async () => {
    const { page } = await enter('/c/lighting');
    await page.locator('.card-link').first().click();
    await page.locator('.buy .button').click();
    await page.locator('.product-picture .wish').click();
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

  it('holds names longer than a line and pictures that cannot be had, on a phone', async () => {
    const kept = { consented: true, cart: [{ sku: 'TGR-01', quantity: 1 }], wishes: ['TGR-01'] };
    const visitor = await enterShop(browser, origin(alone), { kept, width: 390 });
    contexts.push(visitor.context);
    const { page, context } = visitor;
    const long = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
    await context.route('**/data/catalogue.json', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replaceAll('Longjing', long) });
    });
    await context.route('**/pictures/**', (route) => route.abort());
    for (const path of ['/p/TGR-01', '/cart', '/checkout', '/wishes']) {
      await page.goto(origin(alone) + path);
      await page.getByText(long).locator('visible=true').first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(390);
      // A picture further down is fetched when it is scrolled to.
      const broken = page.locator('header img');
      await expect.poll(() => broken.evaluate((image) => getComputedStyle(image).visibility)).toBe('hidden');
    }
  });

  it('claims to have forgotten nothing where the SDK has not loaded, and still shows the switches', async () => {
    const { page } = await enter('/');
    await page.getByRole('button', { name: 'Your offers, your data' }).click();
    await expect.poll(() => heading(page)).toBe('Your privacy here');
    await page.getByRole('button', { name: 'Forget everything' }).click();
    await page.getByText('The offers’ program has not loaded.').waitFor();
  });

  it('breaks no amount in two on a phone', async () => {
    const kept = { consented: true, cart: [{ sku: 'TPT-02', quantity: 2 }] };
    const { page, context } = await enterShop(browser, `${origin(alone)}/checkout`, { kept, width: 390 });
    contexts.push(context);
    const linesOf = (element: Element): number => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return range.getClientRects().length;
    };
    expect(await page.locator('.bought li > :last-child').evaluate(linesOf)).toBe(1);
  });

  it('tells stars given from stars left where the shopper’s own colours replace the shop’s', async () => {
    const kept = { consented: true, ratings: { 'MUG-01': 3 } };
    const { page } = await enter('/p/MUG-01', 'en-GB', kept);
    await page.emulateMedia({ forcedColors: 'active' });
    const opacity = (nth: number): Promise<string> =>
      page
        .locator('.rate label > [aria-hidden]')
        .nth(nth)
        .evaluate((star) => getComputedStyle(star).opacity);
    expect([await opacity(2), await opacity(3)]).toEqual(['1', '0.3']);
  });

  it('keeps its own words in every slot where there is no trainer', async () => {
    const { page, errors } = await enter('/');
    expect(await textOf(page, 'promo-slot > .slot-fallback')).toBe(
      'Every parcel is packed by hand, in paper.',
    );
    expect(errors).toEqual([]);
  });

  for (const [i, path] of EVERY_PAGE.entries()) {
    // Each page in two of the four, neighbours in the other two.
    const languages = i % 2 === 0 ? (['en-GB', 'zh-CN'] as const) : (['zh-CN', 'en-GB'] as const);
    it(`has no accessibility violation on ${path}, in light and in dark, in English and in Chinese`, async () => {
      for (const [locale, colorScheme] of [
        [languages[0], 'light'],
        [languages[1], 'dark'],
      ] as const) {
        const { page } = await enter(path, locale, LIVED_IN);
        await page.emulateMedia({ colorScheme });
        expect([locale, colorScheme, await violations(page)]).toEqual([locale, colorScheme, []]);
      }
    });
  }
});
