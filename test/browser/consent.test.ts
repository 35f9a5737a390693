import type { Browser, Page } from 'playwright-core';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import { readLoggedDecision } from '../../shared/decision.ts';
import { FEATURE_VERSION } from '../../shared/features/vocabulary.ts';
import { type Trajectory, trajectoryBatchSchema } from '../../shared/feedback.ts';
import { bundleFixture } from '../helpers/bundle-fixture.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { openPage, shopPage } from '../helpers/open-page.ts';
import { type SdkServers, startSdkServers } from '../helpers/sdk-servers.ts';

declare const promoEdge: PromoEdge;

let servers: SdkServers;
let browser: Browser;

beforeAll(async () => {
  const [fixture] = await Promise.all([
    bundleFixture(),
    startSdkServers().then((started) => {
      servers = started;
    }),
    launchChromium().then((launched) => {
      browser = launched;
    }),
  ]);
  servers.publish(fixture);
  const tag = (attributes: string): string =>
    shopPage(servers.tag(fixture.key.publicKey, `data-report-ms="100" data-outcome-ms="300" ${attributes}`));
  servers.pages.set('/', { html: tag('') });
  servers.pages.set('/pending', { html: tag('data-consent="pending"') });
});

afterAll(async () => {
  await browser?.close();
  await servers?.close();
});

const reports = (): string[] =>
  servers.requests.filter(({ method }) => method === 'POST').map(({ body }) => body);

/** Looks, is offered something, takes it, buys. Runs in the browser. @returns the decision, and how many events it all makes */
const shop = async (): Promise<{ id: string; events: number }> => {
  await promoEdge.ready();
  promoEdge.track('view_item', { items: [{ item_id: 'p4', price: 4.2 }] });
  const { id, action } = await promoEdge.decide('cart', {
    timeout: 10_000,
    cart: [{ sku: 'p4', quantity: 2, price: 4.2 }],
  });
  promoEdge.exposed(id);
  promoEdge.track('purchase', { value: 8.4, items: [{ item_id: 'p4', price: 4.2, quantity: 2 }] });
  promoEdge.outcome({ decision: id, satisfied: true });
  // To see no promotion is no event.
  return { id, events: action === 'none' ? 2 : 3 };
};

/** Several turns of the report clock, and the outcome window closed. */
const aWhile = (page: Page): Promise<void> => page.waitForTimeout(1200);

/** Records of each store; of events, which are kept in batches, the events themselves. */
async function stored(page: Page): Promise<Record<string, number>> {
  return page.evaluate(async () => {
    // To open what is not there yet would make an empty one.
    const made = (await indexedDB.databases()).some(({ name }) => name === 'promo-edge:pk_test');
    if (!made) return {};
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('promo-edge:pk_test');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const counts: Record<string, number> = {};
    for (const name of database.objectStoreNames) {
      const records = await new Promise<{ events?: unknown[] }[]>((resolve) => {
        const request = database.transaction(name).objectStore(name).getAll();
        request.onsuccess = () => resolve(request.result);
      });
      counts[name] =
        name === 'events' ? records.reduce((sum, { events = [] }) => sum + events.length, 0) : records.length;
    }
    database.close();
    return counts;
  });
}

describe('consent', () => {
  it('granted for measurement sends each decision once, with what a server needs to replay it', async () => {
    servers.requests.length = 0;
    const { page, context, errors } = await openPage(browser, servers.page);
    await page.evaluate(() => promoEdge.setConsent({ measurement: true }));
    const { id } = await page.evaluate(shop);
    await expect.poll(reports, { timeout: 10_000 }).toHaveLength(1);
    await aWhile(page);
    expect(reports()).toHaveLength(1);
    const { trajectories } = v.parse(trajectoryBatchSchema, JSON.parse(reports()[0]!));
    const sent = trajectories[0] as Trajectory;
    expect(sent).toMatchObject({
      id,
      slot: 'cart',
      release: 1,
      featureVersion: FEATURE_VERSION,
      exposed: true,
      outcome: { satisfied: true },
    });
    expect(sent.history.map(({ name }) => name)).toEqual(['view_item']);
    expect(sent.history[0]).toMatchObject({ items: [{ sku: 'p4', quantity: 1, price: 4.2 }] });
    expect(sent.after.map(({ name }) => name)).toContain('purchase');
    expect(readLoggedDecision(sent, 'EUR').action).toBe(sent.action);
    const request = servers.requests.find(({ method }) => method === 'POST')!;
    expect(request.headers).not.toHaveProperty('cookie');
    expect(request.headers).not.toHaveProperty('referer');
    expect(errors).toEqual([]);
    await context.close();
  });

  it('withdrawn before the clock turns sends nothing, and empties the queue for good', async () => {
    servers.requests.length = 0;
    const { page, context } = await openPage(browser, servers.page);
    await page.evaluate(() => promoEdge.setConsent({ measurement: true }));
    await page.evaluate(shop);
    await page.evaluate(() => promoEdge.setConsent({ measurement: false }));
    await aWhile(page);
    await page.evaluate(() => promoEdge.setConsent({ measurement: true }));
    await aWhile(page);
    expect(reports()).toEqual([]);
    await context.close();
  });

  it('is refused by Global Privacy Control, whatever the shop says', async () => {
    servers.requests.length = 0;
    const { page, context } = await openPage(browser, servers.page, {
      before: () => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }),
    });
    const states = await page.evaluate(async () => {
      const heard: string[] = [];
      promoEdge.on('consent', ({ measurement }) => heard.push(measurement));
      promoEdge.setConsent({ measurement: true });
      return heard;
    });
    await page.evaluate(shop);
    await aWhile(page);
    expect(states).toEqual(['denied']);
    expect(reports()).toEqual([]);
    await context.close();
  });

  it('pending keeps behaviour in memory alone, and still decides with it', async () => {
    const { page, context } = await openPage(browser, `${servers.page}/pending`);
    const { id, events } = await page.evaluate(shop);
    expect(await page.evaluate((id) => promoEdge.explain(id), id)).toMatchObject({ events: 1 });
    await page.waitForTimeout(600);
    expect(await stored(page)).toMatchObject({ events: 0, decisions: 0 });
    await page.evaluate(() => promoEdge.setConsent({ personalization: 'granted' }));
    await expect.poll(() => stored(page), { timeout: 5000 }).toMatchObject({ events });
    await context.close();
  });

  it('denied for personalization erases what was kept and gives the default', async () => {
    const { page, context } = await openPage(browser, servers.page);
    const { events } = await page.evaluate(shop);
    await expect.poll(() => stored(page), { timeout: 5000 }).toMatchObject({ events, decisions: 1 });
    await page.evaluate(() => promoEdge.setConsent({ personalization: 'denied' }));
    const decision = await page.evaluate(() => promoEdge.decide('cart', { timeout: 10_000 }));
    expect(decision).toMatchObject({ source: 'default', reasons: [{ code: 'consent' }] });
    expect(await stored(page)).toMatchObject({ events: 0, decisions: 0 });
    await context.close();
  });
});

describe('what is kept on the device', () => {
  it('is exported whole and forgotten whole', async () => {
    const { page, context } = await openPage(browser, servers.page);
    const { id } = await page.evaluate(shop);
    const exported = (await page.evaluate(() => promoEdge.exportData())) as {
      events: { name: string }[];
      decisions: { id: string }[];
    };
    expect(exported.events.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['view_item', 'purchase']),
    );
    expect(exported.decisions.map((decision) => decision.id)).toEqual([id]);
    await page.evaluate(() => promoEdge.forget());
    expect(await stored(page)).toEqual({ events: 0, decisions: 0, files: 0, kept: 0 });
    expect(await page.evaluate(() => promoEdge.exportData())).toMatchObject({ events: [], decisions: [] });
    await context.close();
  });

  it('is there again on the next page, and read by the next decision', async () => {
    const { page, context } = await openPage(browser, servers.page);
    const { events } = await page.evaluate(shop);
    await expect.poll(() => stored(page), { timeout: 5000 }).toMatchObject({ events });
    await page.goto(servers.page);
    await page.waitForFunction(() => 'promoEdge' in globalThis && !Array.isArray(promoEdge));
    const explained = await page.evaluate(async () => {
      const { id } = await promoEdge.decide('cart', { timeout: 10_000 });
      return promoEdge.explain(id);
    });
    expect(explained!.events).toBe(events);
    expect(explained!.probabilities!.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
    await context.close();
  });

  it('has what was done before the release came, price and all, on a page that decides nothing', async () => {
    const path = '/s/pk_test/manifest.json';
    let release: (() => void) | undefined;
    servers.answers.set(path, (response) => {
      release = () => response.writeHead(200).end(servers.manifest);
    });
    const { page, context } = await openPage(browser, servers.page);
    await page.evaluate(async () => {
      promoEdge.track('view_item', { currency: 'EUR', items: [{ item_id: 'p3', price: 12.5 }] });
      // Answered in the order of the calls: the event is in the worker now.
      await promoEdge.requests();
    });
    await expect.poll(() => release).toBeDefined();
    servers.answers.delete(path);
    release!();
    await expect.poll(() => stored(page), { timeout: 10_000 }).toMatchObject({ events: 1 });
    expect(await page.evaluate(() => promoEdge.exportData())).toMatchObject({
      events: [{ name: 'view_item', items: [{ sku: 'p3', price: 1250 }] }],
    });
    await context.close();
  });

  it('has what was done in the moment before the page was left', async () => {
    const { page, context } = await openPage(browser, servers.page);
    // A first visit makes its database after its first decision.
    await expect.poll(() => stored(page), { timeout: 5000 }).toMatchObject({ events: 0 });
    for (let view = 1; view <= 3; view++) {
      await page.evaluate(() => promoEdge.ready());
      await Promise.all([
        page.waitForEvent('load'),
        page.evaluate((sku) => {
          promoEdge.track('select_item', { items: [{ item_id: sku }] });
          location.reload();
        }, `p${view}`),
      ]);
      await page.waitForFunction(() => 'promoEdge' in globalThis && !Array.isArray(promoEdge));
    }
    await expect.poll(() => stored(page), { timeout: 5000 }).toMatchObject({ events: 3 });
    await context.close();
  });
});
