import type { Server } from 'node:http';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { focusFault, tabTo } from '../helpers/keyboard.ts';
import { shopAlone } from '../helpers/shop-alone.ts';
import { EVERY_PAGE, enter as enterShop, heading, LIVED_IN, origin, textOf } from '../helpers/shop-pages.ts';

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

async function enter(
  path: string,
  options: { locale?: string; kept?: object; width?: number },
): Promise<Page> {
  const { page, context } = await enterShop(browser, origin(alone) + path, options);
  contexts.push(context);
  return page;
}

describe('how the shop looks', () => {
  // WCAG 2.2, 1.4.10: 320 CSS px, which is a window of 1280 at four times the size.
  it.each(['en-GB', 'zh-CN'])('fits a window of 320 px on every page (%s)', async (locale) => {
    const page = await enter('/', { locale, kept: LIVED_IN, width: 320 });
    for (const path of EVERY_PAGE) {
      await page.goto(origin(alone) + path);
      await page.locator('#shop:not([data-written]) main h1').first().waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect([path, width]).toEqual([path, 320]);
    }
  });

  it('keeps a price and the one before it on one line, however narrow the card', async () => {
    const page = await enter('/c/tea', {});
    for (const width of [320, 390, 768, 1024, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      const seen = await page.locator('.card .price').evaluateAll((prices) => ({
        reduced: prices.filter((price) => price.matches('.reduced')).length,
        broken: prices.flatMap((price) => {
          const { right } = price.closest('.card')!.getBoundingClientRect();
          const [line, ...more] = price.getClientRects();
          return more.length > 0 || line!.right > right ? [price.textContent] : [];
        }),
      }));
      expect(seen.reduced).toBeGreaterThan(3);
      expect([width, seen.broken]).toEqual([width, []]);
    }
  });

  it.each([
    { width: 390, colorScheme: 'dark' },
    { width: 1280, colorScheme: 'light' },
  ] as const)(
    'shows where the keyboard is: a whole ring that stands out, $width px wide, in $colorScheme',
    async ({ width, colorScheme }) => {
      const page = await enter('/', { kept: LIVED_IN, width });
      await page.emulateMedia({ colorScheme });
      for (const path of ['/', '/p/LMP-01', '/cart', '/checkout', '/orders', '/privacy']) {
        await page.goto(origin(alone) + path);
        await page.locator('#shop:not([data-written]) main h1').first().waitFor();
        const faults: string[] = [];
        let stops = 0;
        for (; stops < 120; stops++) {
          await page.keyboard.press('Tab');
          const fault = await page.evaluate(focusFault);
          if (fault === 'nothing has the focus') break;
          if (fault !== undefined) faults.push(fault);
        }
        expect(stops).toBeGreaterThan(20);
        expect([path, faults]).toEqual([path, []]);
      }
    },
  );

  it('takes a shopper from the door to the order by keyboard alone', async () => {
    const page = await enter('/', { kept: {} });
    const press = (...keys: string[]) =>
      keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());
    // The note on privacy is the last thing on the page, and answered there.
    await press('Shift+Tab', 'Shift+Tab', 'Enter');
    expect(await page.locator('.consent').count()).toBe(0);
    await page.reload();
    await page.locator('#shop:not([data-written]) main h1').waitFor();

    await press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip');
    await press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await tabTo(page, '.doors a');
    await press('Enter');
    await expect.poll(() => heading(page)).toBe('Tea');
    // Who turns a page stands at its beginning, not in the middle of nowhere.
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await tabTo(page, 'select');
    await press('ArrowDown');
    await expect.poll(() => new URL(page.url()).search).toBe('?sort=up');
    await tabTo(page, '.card-link');
    const first = await textOf(page, '.card-title');
    await press('Enter');
    await expect.poll(() => heading(page)).toBe(first);

    await tabTo(page, '.product-picture .wish');
    await press('Space');
    expect(await page.locator('.wish').first().getAttribute('aria-pressed')).toBe('true');
    await tabTo(page, '.quantity button:last-child');
    await press('Enter');
    await tabTo(page, '.buy .button');
    await press('Enter');
    expect(await textOf(page, '[role=status]')).toMatch(/is in your basket/);
    // Not for ears alone.
    expect((await page.locator('[role=status]').boundingBox())!.height).toBeGreaterThan(20);
    await tabTo(page, '.rate input');
    await press('ArrowRight', 'ArrowRight');
    expect(await page.locator('.rate .lit').count()).toBe(3);

    await tabTo(page, '.to-cart', 'Shift+Tab');
    expect(await textOf(page, '.count')).toBe('2');
    await press('Enter');
    await expect.poll(() => heading(page)).toBe('Basket');
    await tabTo(page, '.summary .button');
    await press('Enter');
    await expect.poll(() => heading(page)).toBe('Checkout');
    for (const name of ['email', 'name', 'address', 'postcode', 'city']) {
      await tabTo(page, `input[name=${name}]`);
      await page.keyboard.type(name === 'email' ? 'a@example.org' : 'x');
    }
    await press('Enter');
    await expect.poll(() => heading(page)).toBe('Thank you');
    await tabTo(page, '.order header button');
    await press('Enter');
    await page.locator('.order .badge').waitFor();
  });
});
