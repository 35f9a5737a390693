/** Bar 27, beside test/browser/faults.test.ts: a corrupt database, plain HTTP, a worker that dies, no network at all. */

import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import { bundleFixture } from '../helpers/bundle-fixture.ts';
import { keptKeys } from '../helpers/engines/in-page.ts';
import { openPage, shopPage } from '../helpers/open-page.ts';
import { sdkStage } from '../helpers/sdk-stage.ts';

declare const promoEdge: PromoEdge;

// A name that is not localhost makes a page on plain HTTP insecure: no crypto.subtle there.
const stage = sdkStage({}, ['--host-resolver-rules=MAP *.test 127.0.0.1']);

beforeAll(() => {
  stage.servers.pages.set('/', { html: shopPage(stage.servers.tag(stage.fixture.key.publicKey)) });
});

const decided = (page: Page) =>
  page.evaluate(async () => {
    await promoEdge.ready();
    return promoEdge.decide('cart', { timeout: 10_000 });
  });

describe('a browser in which something is broken', () => {
  it.each<[string, number]>([
    ['of another shape', 1],
    ['of a later version', 9],
  ])('decides with a database %s', async (_name, version) => {
    stage.servers.pages.set('/spoil', { html: '<!doctype html>' });
    const context = await stage.browser.newContext();
    const spoiler = await context.newPage();
    await spoiler.goto(`${stage.servers.page}/spoil`);
    await spoiler.evaluate(
      (version) =>
        new Promise<void>((resolve) => {
          const request = indexedDB.open('promo-edge:pk_test', version);
          request.onupgradeneeded = () => request.result.createObjectStore('something');
          request.onsuccess = () => {
            request.result.close();
            resolve();
          };
        }),
      version,
    );
    const { page, errors } = await openPage(context, stage.servers.page);
    expect(await decided(page)).toMatchObject({ source: 'policy', tier: 'kernels' });
    expect(errors).toEqual([]);
    await context.close();
  });

  it('keeps releases again from the visit after a database of another shape', async () => {
    const context = await stage.browser.newContext();
    const spoiler = await context.newPage();
    await spoiler.goto(`${stage.servers.page}/spoil`);
    await spoiler.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const request = indexedDB.open('promo-edge:pk_test', 1);
          request.onsuccess = () => {
            request.result.close();
            resolve();
          };
        }),
    );
    for (const durable of [false, true]) {
      const { page } = await openPage(context, stage.servers.page);
      await decided(page);
      const kept = await page.evaluate(() => promoEdge.exportData());
      expect(kept).toMatchObject({ durable });
      await page.close();
    }
    await context.close();
  });

  it('decides on plain HTTP, where WebCrypto is missing', async () => {
    const named = (origin: string): string => origin.replace('127.0.0.1', 'shop.test');
    const html = stage.servers.pages
      .get('/')!
      .html.replaceAll(stage.servers.endpoint, named(stage.servers.endpoint));
    stage.servers.pages.set('/insecure', { html });
    const { page, errors, context } = await openPage(stage.browser, `${named(stage.servers.page)}/insecure`);
    expect(await page.evaluate(() => isSecureContext || crypto.subtle !== undefined)).toBe(false);
    expect(await decided(page)).toMatchObject({ source: 'policy', tier: 'kernels' });
    expect(errors).toEqual([]);
    await context.close();
  });

  it('takes no verifier but its own there: who serves the files cannot hand out one that believes everything', async () => {
    const { servers, browser, fixture } = stage;
    const address = `${servers.page.replace('127.0.0.1', 'shop.test')}/insecure`;
    const file = '/sdk/promo-edge-crypto.js';
    const honest = await (await fetch(`${servers.endpoint}${file}`)).text();
    const lie = `addEventListener('message', (event) => {
      if (event.data.path?.[0] !== 'verify') return;
      event.stopImmediatePropagation();
      postMessage({ id: event.data.id, type: 'RAW', value: true });
    });`;
    // Signed by a stranger, under the name of the key that the page pins.
    const forged = await bundleFixture({ version: 7 });
    const [signature] = forged.signed.signatures;
    const { keyId } = fixture.signed.signatures[0]!;
    const signed = { ...forged.signed, signatures: [{ ...signature!, keyId }] };
    const decision = async () => {
      const { page, context } = await openPage(browser, address);
      const found = await decided(page);
      await context.close();
      return found;
    };
    servers.publish({ ...forged, signed });
    servers.answers.set(file, (response) => {
      response.writeHead(200, { 'content-type': 'text/javascript' });
      response.end(`${lie}\n${honest}`);
    });
    try {
      expect(await decision()).toMatchObject({ source: 'default', reasons: [{ code: 'no-release' }] });
      // Without the hashes that stand in the SDK's files the lie is believed: the attack is one.
      servers.alter = (_file, code) => code;
      expect(await decision()).toMatchObject({ source: 'policy', release: 7 });
    } finally {
      servers.alter = undefined;
      servers.answers.clear();
      servers.publish(fixture);
    }
  });

  it('gives the default in time once its worker is dead', async () => {
    const { page, errors, context } = await openPage(stage.browser, stage.servers.page);
    await decided(page);
    for (const worker of page.workers()) await worker.evaluate(() => self.close());
    const { decision, took } = await page.evaluate(async () => {
      const began = performance.now();
      const decision = await promoEdge.decide('cart', { fallback: 'free-shipping' });
      return { decision, took: performance.now() - began };
    });
    expect(decision).toMatchObject({ source: 'default', action: 'free-shipping' });
    // 200 ms, and what a busy machine adds.
    expect(took).toBeLessThan(400);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('decides offline with what it has kept', async () => {
    const { page, context } = await openPage(stage.browser, stage.servers.page);
    await decided(page);
    await page.waitForLoadState('networkidle');
    await page.waitForTimeout(500);
    // The page and the loader come from the cache of the shop; everything else of the SDK's is out of reach.
    await context.route(/manifest\.json|\/b\//, (route) => route.abort());
    await page.reload();
    expect(await decided(page)).toMatchObject({ source: 'policy', tier: 'kernels' });
    await context.close();
  });

  it.each<[string, (page: Page) => Promise<void>]>([
    [
      'a shopper clears the site’s data',
      async (page) => {
        const browser = await page.context().newCDPSession(page);
        const origin = stage.servers.page;
        await browser.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
      },
    ],
    [
      'a page deletes the database',
      (page) =>
        page.evaluate(
          () =>
            new Promise<void>((resolve) => {
              indexedDB.deleteDatabase('promo-edge:pk_test').onsuccess = () => resolve();
            }),
        ),
    ],
  ])('keeps its release again at once where %s, and what it believes with it', async (_name, evict) => {
    const { page, context, errors } = await openPage(stage.browser, stage.servers.page);
    await decided(page);
    const kept = () => page.evaluate(keptKeys);
    await expect.poll(kept, { timeout: 10_000 }).toEqual(['manifest', 'seen']);
    await evict(page);
    // Nothing is tracked or decided meanwhile.
    await expect.poll(kept, { timeout: 10_000 }).toEqual(['manifest', 'seen']);
    await context.route(/manifest\.json|\/b\//, (route) => route.abort());
    await page.reload();
    expect(await decided(page)).toMatchObject({ source: 'policy', tier: 'kernels' });
    await context.close();
    expect(errors.filter((error) => !error.includes('ERR_FAILED'))).toEqual([]);
  });
});
