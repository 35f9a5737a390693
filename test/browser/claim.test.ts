import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import { buildSdk } from '../../sdk/build.ts';
import { readPromotion } from '../../shared/promotion.ts';
import { seeded } from '../../shared/random.ts';
import { openCoupons } from '../../trainer-server/coupons/coupons.ts';
import { readSdkFiles } from '../../trainer-server/routes/sdk-files.ts';
import type { Store } from '../../trainer-server/store/store.ts';
import golden from '../cases/eligibility.json' with { type: 'json' };
import { launchChromium } from '../helpers/chromium.ts';
import { withRules } from '../helpers/chromium-rules.ts';
import { FIVE_OFF } from '../helpers/coupon-shop.ts';
import { storeWithFixture } from '../helpers/device.ts';
import { temporaryFolder } from '../helpers/import-here.ts';
import { randomOrder } from '../helpers/random-order.ts';
import { answersOf, type Questions } from '../helpers/rules-script.ts';
import { NOW, type Served, serveStore } from '../helpers/served.ts';

declare const promoEdge: PromoEdge;

let browser: Browser;
let store: Store;
let trainer: Served;
let shop: Server;

beforeAll(async () => {
  const sdk = join(temporaryFolder(), 'sdk');
  await buildSdk(sdk);
  const made = await storeWithFixture();
  ({ store } = made);
  const coupons = openCoupons(store);
  store.transaction(() => coupons.budgets.set('demo', 'summer', 'EUR', 1_000, NOW));
  coupons.offer('demo', FIVE_OFF, { budget: 'summer' });
  trainer = await serveStore(store, readSdkFiles(sdk));
  const tag = `<script async src="${trainer.url}/sdk/promo-edge.js" data-site-key="demo" data-key="${made.fixture.key.publicKey}" data-timeout="20000" data-grants></script>`;
  const html = `<!doctype html><html lang="en"><head><link rel="icon" href="data:,">${tag}</head><body><promo-slot name="cart">ours</promo-slot></body></html>`;
  shop = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end(html));
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await trainer?.stop();
  shop?.closeAllConnections();
  shop?.close();
});

interface Visit {
  page: Page;
  /** Paths and bodies of what was posted. */
  posted: [path: string, body: string][];
}

async function visit(context: BrowserContext): Promise<Visit> {
  const page = await context.newPage();
  const posted: Visit['posted'] = [];
  context.on('request', (request) => {
    if (request.method() === 'POST') posted.push([new URL(request.url()).pathname, request.postData() ?? '']);
  });
  const granted = context.waitForEvent('response', (response) => response.url().endsWith('/grants'));
  await page.goto(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/`);
  await page.waitForFunction(() => 'promoEdge' in globalThis && !Array.isArray(promoEdge));
  await granted;
  return { page, posted };
}

describe('claim', () => {
  it('asks for a grant by the clock and for a code on the shopper act alone, and tells the page', async () => {
    const { page, posted } = await visit(await browser.newContext());
    await page.evaluate(async () => {
      await promoEdge.ready();
      promoEdge.track('view_item', { items: [{ item_id: 'p3' }] });
      await promoEdge.decide('home', { timeout: 5_000 });
    });
    expect(posted).toEqual([['/s/demo/grants', '{}']]);
    const heard = await page.evaluate(async () => {
      const events: unknown[] = [];
      promoEdge.on('claim', (claim) => events.push(claim));
      const answers = [await promoEdge.claim('five-off'), await promoEdge.claim('nobodys')];
      return { events, answers };
    });
    expect(heard.events).toEqual(heard.answers);
    expect(heard.answers[0]).toMatchObject({
      promotion: 'five-off',
      code: expect.stringMatching(/^[2-9A-Z-]{20,}$/),
    });
    expect(heard.answers[1]).toEqual({ promotion: 'nobodys', refused: 'not-in-menu' });
    expect(posted.slice(1).map(([path]) => path)).toEqual(['/s/demo/claims', '/s/demo/claims']);
  });

  it('names the visit to the page, as the grant does, for the order that the shop reports', async () => {
    const { page, posted } = await visit(await browser.newContext());
    const name = await page.evaluate(() => promoEdge.visit());
    const claim = await page.evaluate(() => promoEdge.claim('nobodys').then(() => undefined));
    expect(claim).toBeUndefined();
    const { grant } = JSON.parse(posted.at(-1)![1]);
    expect(JSON.parse(String(Buffer.from(grant.split('.')[0], 'base64url'))).sid).toBe(name);
  });

  it('is the same code on the next page of a visit, and another one for a visit that was forgotten', async () => {
    const context = await browser.newContext();
    const claim = async ({ page }: Visit): Promise<string | undefined> =>
      page.evaluate(async () => (await promoEdge.claim('five-off')).code);
    const first = await claim(await visit(context));
    const second = await visit(context);
    expect(await claim(second)).toBe(first);
    await second.page.evaluate(() => promoEdge.forget());
    const third = await visit(context);
    // 10 in the budget, 5 each: the one before and this visit's two hold it all.
    expect(await third.page.evaluate(() => promoEdge.claim('five-off'))).toEqual({
      promotion: 'five-off',
      refused: 'budget-exhausted',
    });
  });
});

const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'];

describe('the rules of promotions', () => {
  it('answer in the browser as they do on the server: eligibility, hours of every zone, totals to the last unit', async () => {
    const random = seeded('rules in a browser');
    const questions: Questions = {
      eligibility: {
        expressions: [...golden.hold, ...golden.fail.map(({ expression }) => expression)],
        ...{ facts: golden.facts, cart: golden.cart },
      },
      orders: Array.from({ length: 400 }, () => randomOrder(random)).map(({ cart, promotions }) => ({
        ...{ cart, promotions },
      })),
      // Every half hour of the days on which clocks change, in zones of whole, half and quarter hours.
      hours: ZONES.flatMap((zone) =>
        [Date.UTC(2026, 2, 8), Date.UTC(2026, 2, 29), Date.UTC(2026, 3, 4), Date.UTC(2026, 9, 25)].flatMap(
          (day) =>
            Array.from({ length: 48 }, (_, i) => ({
              window: { days: ['sun' as const], from: '01:30', to: i % 2 === 0 ? '03:30' : '01:00' },
              ...{ zone, now: day + i * 1_800_000 },
            })),
        ),
      ),
    };
    const page = await (await browser.newContext()).newPage();
    await withRules(page);
    const there = await page.evaluate(
      (asked) => (globalThis as unknown as { rules: { answersOf: typeof answersOf } }).rules.answersOf(asked),
      questions,
    );
    const here = answersOf(questions);
    expect(there).toEqual(JSON.parse(JSON.stringify(here)));
    for (const kind of [here.hours, here.eligibility.map(({ eligible }) => eligible)])
      expect(new Set(kind)).toEqual(new Set([true, false]));
  });
});

describe('the link of a preview', () => {
  const DRAFT = readPromotion(
    { id: 'draft-7', type: 'coupon', amount: 7, creative: { title: 'Seven off', text: 'Not approved yet' } },
    'EUR',
  );
  const link = (expires: number): string =>
    openCoupons(store).previews.make('demo', 'cart', DRAFT, expires, NOW).token;
  const slotOf = (page: Page): Promise<string> =>
    page.evaluate(() => document.querySelector('promo-slot')!.textContent!.replace(/\s+/g, ' ').trim());

  async function open(hash: string): Promise<Visit & { failures: string[] }> {
    const page = await (await browser.newContext()).newPage();
    const posted: Visit['posted'] = [];
    const failures: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST')
        posted.push([new URL(request.url()).pathname, request.postData() ?? '']);
    });
    page.on('pageerror', (error) => failures.push(String(error)));
    await page.goto(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/${hash}`);
    await page.waitForFunction(() => document.querySelector<HTMLElement>('promo-slot')?.dataset.decided);
    return { page, posted, failures };
  }

  it('shows the draft in its slot, spends nothing, and leaves nothing in the log', async () => {
    const { page, posted, failures } = await open(`#promo-edge-preview=${link(NOW + 1)}`);
    expect(await slotOf(page)).toContain('Seven off');
    const left = await page.evaluate(async () => {
      promoEdge.setConsent({ personalization: true, measurement: true });
      document.querySelector<HTMLElement>('promo-slot')!.click();
      const kept = (await promoEdge.exportData()) as { decisions: unknown[]; events: unknown[] };
      return { decisions: kept.decisions, events: kept.events, claim: await promoEdge.claim('draft-7') };
    });
    expect(left).toEqual({
      decisions: [],
      events: [],
      claim: { promotion: 'draft-7', refused: 'not-in-menu' },
    });
    const paths = posted.map(([path]) => path).sort();
    expect(paths).toEqual(['/s/demo/claims', '/s/demo/grants', '/s/demo/previews']);
    expect(failures).toEqual([]);
  });

  it('that has expired or was altered shows the shop as everyone sees it', async () => {
    for (const token of [link(NOW), `${link(NOW + 1)}x`]) {
      const { page, failures } = await open(`#promo-edge-preview=${token}`);
      expect(await slotOf(page)).not.toContain('Seven off');
      const kept = await page.evaluate(
        async () => (await promoEdge.exportData()) as { decisions: unknown[] },
      );
      expect(kept.decisions).toHaveLength(1);
      expect(failures).toEqual([]);
    }
  });
});
