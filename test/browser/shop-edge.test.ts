import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { promotions } from '../../demo-shop/catalogue/promotions.ts';
import { pageDriver } from '../../demo-shop/shoppers/browser.ts';
import { chance } from '../../demo-shop/shoppers/driver.ts';
import { personaNamed } from '../../demo-shop/shoppers/personas.ts';
import { visit } from '../../demo-shop/shoppers/visit.ts';
import type { PromoEdge } from '../../sdk/index.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { quickRound, runningVersion } from '../helpers/quick-round.ts';
import { NOW } from '../helpers/served.ts';
import { type ShopBehindTrainer, shopBehindTrainer } from '../helpers/shop-behind-trainer.ts';
import { enter as enterShop, origin, textOf, type Visitor, violations } from '../helpers/shop-pages.ts';

const ROOT = join(import.meta.dirname, '../..');

declare const promoEdge: PromoEdge;

let browser: Browser;
let behind: ShopBehindTrainer;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  [behind, browser] = await Promise.all([shopBehindTrainer(), launchChromium()]);
});

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});

afterAll(async () => {
  await browser?.close();
  await behind?.stop();
});

interface Words {
  title: string;
  action: string;
}

/** A promotion as the catalogue has it. */
interface Drawn {
  id: string;
  type: string;
  creative: Record<'en' | 'zh', Words>;
}

async function enter(path: string): Promise<Visitor> {
  const visitor = await enterShop(browser, origin(behind.shop) + path);
  contexts.push(visitor.context);
  return visitor;
}

describe('the shop with Promo Edge', () => {
  it('lets the SDK decide under its strict policy, without an error on the page', async () => {
    const { page, errors } = await enter('/p/TGR-01');
    const ready = await page.evaluate(
      () => new Promise((resolve) => promoEdge.push((edge) => void edge.ready().then(resolve))),
    );
    expect(ready).toMatchObject({ release: 1, tier: 'kernels' });
    await expect.poll(() => page.locator('promo-slot').getAttribute('data-decided')).toBeTruthy();
    expect(errors).toEqual([]);
  });

  it('draws the promotion in its own hand, and takes it off the basket when it is used', async () => {
    const { page } = await enter('/p/MUG-01');
    await page.evaluate(() => promoEdge.push((edge) => edge.override('cart', 'welcome-10')));
    await page.locator('.buy .button').click();
    await page.locator('.to-cart').click();
    await page.locator('.slot-cart > .slot-offer .slot-title', { hasText: '10% off everything' }).waitFor();
    const before = Number(await page.locator('[data-total]').getAttribute('data-total'));
    await page.locator('.slot-cart > .slot-offer .button').click();
    // 18.00 of mug and 4.90 of delivery; ten per cent are taken off the mug alone.
    expect(before).toBe(1800 + 490);
    expect(Number(await page.locator('[data-total]').getAttribute('data-total'))).toBe(1620 + 490);
  });

  it('has words and a way to take it for a promotion of every type, in both languages', async () => {
    const { page, errors } = await enter('/wishes');
    const shows = async (type: string, { title, action }: Words): Promise<void> => {
      await page.locator('.slot-home > .slot-offer .slot-title', { hasText: title }).waitFor();
      // A message has nothing to be taken.
      if (type !== 'message') expect(await textOf(page, '.slot-home > .slot-offer .button')).toBe(action);
    };
    for (const { id, type, creative } of promotions(NOW) as unknown as Drawn[]) {
      await page.evaluate((id) => promoEdge.push((edge) => edge.override('home', id)), id);
      await page.locator('.logo').click();
      const english = (await page.locator('html').getAttribute('lang')) === 'en';
      await shows(type, creative[english ? 'en' : 'zh']);
      await page.locator('.switches .language').click();
      await shows(type, creative[english ? 'zh' : 'en']);
      await page.locator('.tools a').nth(1).click();
    }
    expect(errors).toEqual([]);
  });

  it('keeps room in its slots for the longest offer: nothing below moves when one is decided', async () => {
    const kept = { consented: true, cart: [{ sku: 'MUG-01', quantity: 1 }] };
    const { page, context } = await enterShop(browser, `${origin(behind.shop)}/cart`, { kept });
    contexts.push(context);
    const ids = promotions(NOW).map(({ id }) => id);
    // A small phone, a phone, a tablet, a desk.
    for (const width of [352, 390, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      for (const language of ['en', 'zh']) {
        if (!(await page.locator('html').getAttribute('lang'))!.startsWith(language))
          await page.locator('.switches .language').click();
        const moved = await page.locator('.slot-cart').evaluate((slot, ids) => {
          const { height } = slot.getBoundingClientRect();
          const detail = { text: 'eu-personalised-price' };
          return ['none', ...ids].flatMap((action) => {
            const reasons = [{ code: 'personalised-price', detail }];
            const init = { bubbles: true, cancelable: true, detail: { action, reasons } };
            slot.dispatchEvent(new CustomEvent('promo-edge:decision', init));
            const now = slot.getBoundingClientRect().height;
            return now === height ? [] : [`${action}: ${height} -> ${now}`];
          });
        }, ids);
        expect([width, language, ...moved]).toEqual([width, language]);
      }
    }
  });

  it.each([
    ['/privacy', '.requests td'],
    ['/qa', '.qa-decisions td'],
  ])('moves nothing on %s while its figures come in', async (path, last) => {
    const visitor = await enterShop(browser, origin(behind.shop, 'localhost') + path);
    contexts.push(visitor.context);
    await visitor.page.locator(last).first().waitFor();
    const moved = await visitor.page.evaluate(
      () =>
        new Promise<object[]>((resolve) => {
          const seen: object[] = [];
          new PerformanceObserver((list) =>
            seen.push(...list.getEntries().map((one) => one.toJSON())),
          ).observe({ type: 'layout-shift', buffered: true });
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(seen))));
        }),
    );
    expect(moved).toEqual([]);
  });

  it('says what goes well with a product and with the basket, and why; its till prices a set, whatever the SDK says', async () => {
    const { page, errors } = await enter('/p/TPT-02');
    // The helper, which ranks, comes after the first decision.
    await page.evaluate(async () => {
      for (;;) {
        const found = new Promise((resolve) => {
          promoEdge.push((edge) => {
            edge.override('product', 'tea-for-two');
            void edge.recommend('cart', { cart: ['TGR-01'] }).then(({ items }) => resolve(items.length));
          });
        });
        if ((await found) !== 0) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
    await page.locator('.to-cart').click();
    await page.goBack();
    // 46 of teapot, 18 of mug and 16 of tea, less 20 per cent; the release has other prices.
    await page.locator('.together-price', { hasText: 'Tea for two: 20% off the set' }).waitFor();
    expect(await textOf(page, '.together-price p')).toMatch(/€80\.00\s*€64\.00$/);
    await page.getByRole('button', { name: 'Add all to basket' }).click();
    expect(await textOf(page, '[role=status]')).toBe('They are in your basket');
    await page.locator('.to-cart').click();
    expect(await page.locator('[data-total]').getAttribute('data-total')).toBe('6400');
    const companion = page.locator('.companions .card').first();
    await expect.poll(() => companion.getAttribute('data-sku')).toBe('GAI-02');
    expect(await companion.locator('.card-note').textContent()).toBe(
      'Goes with Longjing green tea, 80\u00a0g tin',
    );
    expect(await violations(page)).toEqual([]);
    await companion.locator('.add').click();
    await expect.poll(() => page.locator('.lines li').count()).toBe(4);
    await expect.poll(() => companion.getAttribute('data-sku')).not.toBe('GAI-02');
    expect(errors).toEqual([]);
  });

  it('opens the inspector by its keys, fetched only then: values, probabilities and events of the device', async () => {
    const { page, errors } = await enter('/p/TGR-01');
    await expect.poll(() => page.locator('promo-slot').getAttribute('data-decided')).toBeTruthy();
    const fetched = (): Promise<boolean> =>
      page.evaluate(() =>
        performance.getEntriesByType('resource').some(({ name }) => /inspector|assets\/main-/.test(name)),
      );
    expect(await fetched()).toBe(false);
    await page.locator('#q').focus();
    await page.keyboard.press('Alt+Shift+KeyP');
    await page.locator('.inspector table').first().waitFor();
    expect(await fetched()).toBe(true);
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toMatch(/^Close/);
    const probabilities = await page
      .locator('.inspector details[open] > table')
      .first()
      .locator('tbody td:last-child')
      .allTextContents();
    expect(probabilities).toHaveLength(promotions(0).length + 1);
    expect(probabilities.reduce((sum, text) => sum + Number(text), 0)).toBeCloseTo(1, 1);
    expect(await textOf(page, '.inspector .events')).toMatch(/view_item\s+TGR-01/);
    expect(await violations(page)).toEqual([]);
    // It lies under the inspector.
    await page.locator('.switches .language').evaluate((button) => (button as HTMLElement).click());
    await page.getByRole('region', { name: 'Promo Edge 检查器' }).waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await page.locator('.inspector').count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('q');
    expect(errors).toEqual([]);
  });

  it('passes the check of the start script, which prints what was decided', async () => {
    const args = ['--import', 'tsx', 'demo-shop/shoppers/run.ts', '--base', origin(behind.shop), '--check'];
    const { stdout } = await promisify(execFile)('node', args, { cwd: ROOT });
    expect(stdout).toMatch(/release 1, tier kernels/);
    expect(stdout).toMatch(/Slot 'cart': \S+, propensity 0\.\d+/);
  });

  it('is what a scripted shopper can walk through', async () => {
    const { page, errors } = await enter('/');
    const quick = { ...personaNamed('gift-buyer'), looks: 2, dwells: 50, adds: 1, buys: 1 };
    const seen = await visit(pageDriver(page, origin(behind.shop)), quick, chance(3));
    expect(seen.looked).toHaveLength(2);
    expect(seen.paid).toMatch(/^€\d/);
    expect(seen.offers.length).toBeGreaterThan(2);
    expect(errors).toEqual([]);
  });

  it('claims a coupon when it is taken, shows its code, has it redeemed at the till and given back at the return', async () => {
    const { page, errors } = await enter('/p/LMP-01');
    const budget = () => behind.coupons.budgets.report('demo')[0]!;
    await page.evaluate(() => promoEdge.push((edge) => edge.override('cart', 'eight-off-35')));
    await page.locator('.buy .button').click();
    await page.locator('.to-cart').click();
    await page
      .locator('.slot-cart > .slot-offer .slot-title', { hasText: 'An €8 coupon for today' })
      .waitFor();
    expect(budget()).toMatchObject({ reserved: 0, openClaims: 0 });
    await page.locator('.slot-cart > .slot-offer .button').click();
    await page.locator('.sums .code').waitFor();
    expect(await textOf(page, '.sums .code')).toMatch(/^Code \S+-\S+, good until/);
    expect(budget()).toMatchObject({ reserved: 800, openClaims: 1 });
    await page.getByRole('button', { name: 'Go to checkout' }).click();
    for (const name of ['email', 'name', 'address', 'postcode', 'city'])
      await page.locator(`input[name=${name}]`).fill(name === 'email' ? 'a@example.org' : 'x');
    await page.getByRole('button', { name: 'Place demo order' }).click();
    await page.locator('.thanks').waitFor();
    expect(budget()).toMatchObject({ reserved: 0, spent: 800 });
    // The order is reported under the name of the visit that claimed: what experiments with menus are judged by.
    const sid = behind.store.db.prepare('select sid from coupon_claim order by rowid desc').pluck().get();
    expect([...behind.store.orders.lines('demo')].map(({ body }) => JSON.parse(body).sid)).toContain(sid);
    await page.getByRole('button', { name: 'Return this order' }).click();
    await page.locator('.order .badge').waitFor();
    expect(budget()).toMatchObject({ spent: 0 });
    expect(errors).toEqual([]);
  });

  it('shows the loop: shoppers in frames, their numbers, a round, and the next release taken up without a reload', async () => {
    const visitor = await enterShop(browser, `${origin(behind.shop, 'localhost')}/qa`);
    contexts.push(visitor.context);
    const { page, errors } = visitor;
    const before = runningVersion(behind.store);
    behind.commands.length = 0;
    const step = (name: string): Promise<string> => textOf(page, `[data-step=${name}] p`);
    await page.getByLabel('Shoppers at a time').selectOption('1');
    await page.getByLabel('Pace').selectOption('fast');
    // Nothing is sent of who did not agree: the visit is over when they leave.
    await page.getByLabel('They agree to share').uncheck();
    await page.getByRole('button', { name: 'Let them in' }).click();
    await expect.poll(() => step('browse'), { timeout: 60_000 }).toMatch(/^[1-9]\d* visits, [1-9]/);
    expect(await step('decide')).toMatch(/^[1-9]\d* decisions in their browsers/);
    expect(await step('report')).toMatch(/^0 decisions sent/);
    await page.evaluate(() => Object.assign(globalThis, { neverReloaded: true }));
    await expect.poll(() => page.locator('[data-release]').getAttribute('data-here')).toBe(`${before}`);
    await page.getByLabel('Starting from').selectOption('running');
    await page.getByRole('button', { name: 'Turn the loop' }).click();
    await expect
      .poll(() => page.locator(`[data-release="${before + 1}"]`).getAttribute('data-here'), {
        timeout: 30_000,
      })
      .toBe(`${before + 1}`);
    expect(behind.commands.map(([name]) => name)).toEqual(['simulate', 'import', 'train', 'publish']);
    expect(await textOf(page, '[data-step=gate]')).toMatch(
      /Let out\s+\+0\.50 a decision against the earlier release/,
    );
    expect(await textOf(page, '[data-step=gate]')).toMatch(/earns between €0\.10 and €0\.90 more a decision/);
    // What those who came would be shown by either release.
    const personas = page.locator('.qa-personas');
    await expect
      .poll(() => personas.locator('thead th').allTextContents())
      .toEqual([`Release ${before}`, `Release ${before + 1}`]);
    const cells = await personas.locator('tbody tr').first().locator('td').allTextContents();
    for (const cell of cells) expect(cell).toMatch(/no offer|€\d+\.\d\d a decision beyond no offer/);
    expect(await page.locator('.qa-decisions table').first().locator('thead th').allTextContents()).toEqual([
      `Release ${before}`,
      `Release ${before + 1}`,
    ]);
    expect(await page.evaluate(() => 'neverReloaded' in globalThis)).toBe(true);
    await page.getByRole('button', { name: 'Close the door' }).click();
    expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('replays a past decision in the inspector, lets an earlier release choose in this tab, and goes back', async () => {
    if (runningVersion(behind.store) === 1)
      await quickRound(behind.store, behind.fixture, [])(['publish'], () => undefined);
    const running = runningVersion(behind.store);
    const { page, errors } = await enter('/p/TGR-01');
    await expect.poll(() => page.locator('promo-slot').getAttribute('data-decided')).toBeTruthy();
    const sources: string[] = [];
    await page.exposeFunction('decided', (source: string) => void sources.push(source));
    await page.evaluate(() => {
      const { decided } = globalThis as unknown as { decided(source: string): void };
      promoEdge.push((edge) => edge.on('decision', ({ source }) => decided(source)));
    });
    await page.keyboard.press('Alt+Shift+KeyP');
    const inspector = page.locator('.inspector');
    await inspector.getByRole('button', { name: 'Replay', exact: true }).focus();
    await page.keyboard.press('Enter');
    await inspector.locator('[data-same]').waitFor();
    expect(await textOf(page, '.inspector [data-same]')).toMatch(
      new RegExp(`^Release ${running} gives the same answer: \\S+, p 0\\.`),
    );
    await inspector.locator('.replay summary').click();
    expect(await textOf(page, '.inspector .features')).toMatch(
      /behaviour view_item\.count\s+0\.35\s+ln\(1 \+ n\) \/ 2/,
    );
    await inspector.getByRole('button', { name: `What would release ${running - 1} do?` }).click();
    await expect.poll(() => inspector.locator('[data-same]').count()).toBe(2);
    await inspector.getByRole('button', { name: 'Use it' }).click();
    await inspector.locator(`[data-swapped="${running - 1}"]`).waitFor();
    await expect.poll(() => sources.at(-1)).toBe('override');
    expect(await violations(page)).toEqual([]);
    await page.locator('.switches .language').evaluate((button) => (button as HTMLElement).click());
    await inspector.getByRole('button', { name: `回到版本 ${running}` }).click();
    await expect.poll(() => sources.at(-1)).toBe('policy');
    expect(errors).toEqual([]);
  });
});
