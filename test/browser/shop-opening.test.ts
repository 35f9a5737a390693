import type { Server } from 'node:http';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { shopAlone } from '../helpers/shop-alone.ts';
import { heading, origin, textOf } from '../helpers/shop-pages.ts';

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

describe('the shop while it opens, and where it cannot', () => {
  it.each(['/', '/c/tea', '/p/TGR-01', '/search?q=tea'])(
    'has %s there before its script has come, and moves nothing when it comes',
    async (path) => {
      const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 390, height: 900 } });
      contexts.push(context);
      await context.addInitScript(() => {
        localStorage['lantern-lane'] ??= '{"consented":true,"theme":"dark"}';
      });
      const page = await context.newPage();
      let come: () => void = () => undefined;
      const held = new Promise<void>((resolve) => {
        come = resolve;
      });
      await page.route('**/data/catalogue.json', async (route) => {
        await held;
        await route.continue();
      });
      const places = (): Promise<object[]> =>
        page.evaluate(() =>
          [...document.querySelectorAll('h1, .slot, .card, .card-title, .bottom, .top')].map((element) => {
            const { x, y, width, height } = element.getBoundingClientRect();
            return {
              class: element.className,
              text: element.matches('.top') || element.textContent,
              x,
              y,
              width,
              height,
            };
          }),
        );
      await page.goto(origin(alone) + path);
      expect(await page.locator('#shop[data-written] h1').count()).toBe(1);
      expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
      const written = await places();
      expect(written.length).toBeGreaterThan(5);
      await page.locator('#q').fill('龙');
      come();
      await page.locator('#shop:not([data-written]) h1').waitFor();
      expect(await places()).toEqual(written);
      // What was being typed goes on.
      expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe('龙');
    },
  );

  it('is painted, in its own colours, before any other file has come', async () => {
    const context = await browser.newContext({ colorScheme: 'light' });
    contexts.push(context);
    const page = await context.newPage();
    const asked: string[] = [];
    // Never answered.
    await page.route(/\/(assets|data|pictures)\//, (route) => void asked.push(route.request().url()));
    const response = await page.goto(origin(alone), { waitUntil: 'commit' });
    expect(response!.headers()['content-security-policy']).toMatch(/style-src 'self' 'sha256-[\w+/]{43}=';/);
    const painted = (): Promise<number> =>
      page.evaluate(() => performance.getEntriesByName('first-contentful-paint').length);
    await expect.poll(painted).toBe(1);
    expect(asked.filter((url) => url.endsWith('.js'))).not.toEqual([]);
    // --paper of styles/tokens.css.
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      'rgb(251, 247, 240)',
    );
  });

  it('lets who has no script look around and search; what is not there is a 404', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(origin(alone));
    await page.getByRole('link', { name: 'Tea', exact: true }).first().click();
    expect(await heading(page)).toBe('Tea');
    await page.locator('#q').fill('blue mug');
    await page.locator('#q').press('Enter');
    expect(await textOf(page, '.card-title')).toMatch(/mug in .*blue/);
    expect((await page.goto(`${origin(alone)}/p/NO-SUCH`))!.status()).toBe(404);
  });

  it('says so where its catalogue is broken, and opens once it is mended', async () => {
    const context = await browser.newContext();
    contexts.push(context);
    const page = await context.newPage();
    for (const body of ['{"products": [', '{}', 'null']) {
      await page.route('**/data/catalogue.json', (route) => route.fulfill({ body }));
      await page.goto(origin(alone));
      await page.getByText('The shop cannot be opened just now').waitFor();
      await page.unroute('**/data/catalogue.json');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.locator('.hero h1').waitFor();
    }
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

  it('says so where there is nothing to sell, and no page is broken by it', async () => {
    const context = await browser.newContext();
    contexts.push(context);
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.route('**/data/catalogue.json', async (route) => {
      const catalogue = await (await route.fetch()).json();
      await route.fulfill({ json: { ...catalogue, products: [] } });
    });
    await page.goto(origin(alone));
    await page.getByText('The shelves are being filled.').waitFor();
    expect(await page.locator('main h2').count()).toBe(0);
    await page.locator('#q').fill('tea');
    await page.locator('#q').press('Enter');
    await expect.poll(() => heading(page)).toBe('Nothing found for “tea”');
    // What was put into the basket before is sold no more.
    await page.evaluate(() => {
      localStorage['lantern-lane'] = JSON.stringify({ cart: [{ sku: 'MUG-01', quantity: 1 }] });
    });
    await page.goto(`${origin(alone)}/checkout`);
    await expect.poll(() => heading(page)).toBe('Your basket is empty');
    expect(errors).toEqual([]);
  });
});
