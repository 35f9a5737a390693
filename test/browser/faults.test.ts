import type { Browser } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import type { Fixture } from '../helpers/bundle-fixture.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { openPage, shopPage, violations } from '../helpers/open-page.ts';
import { sdkInBrowser } from '../helpers/sdk-in-browser.ts';
import type { SdkServers } from '../helpers/sdk-servers.ts';

declare const promoEdge: PromoEdge;

let servers: SdkServers;
let browser: Browser;
let fixture: Fixture;

beforeAll(async () => {
  const sdk = await sdkInBrowser();
  ({ servers, browser, fixture } = sdk);
  servers.pages.set('/', { html: shopPage(servers.tag(fixture.key.publicKey)) });
  return sdk.close;
});

afterEach(() => {
  servers.alter = undefined;
});

/** Decides once ready; then once more against the clock, which must not be lost whatever is broken. */
async function decideAt(path: string, before?: () => void) {
  const { page, errors, context } = await openPage(browser, servers.page + path, before && { before });
  const ready = await page.evaluate(() => promoEdge.ready());
  const decision = await page.evaluate(() => promoEdge.decide('cart', { timeout: 10_000 }));
  const broken = await violations(page);
  await context.close();
  return { ready, decision, errors, violations: broken };
}

/** The default has 200 ms; a busy machine may take a little longer to say so. */
const IN_TIME_MS = 400;

describe('a strict content security policy', () => {
  const strict = (extra: string): Record<string, string> => ({
    'content-security-policy': `default-src 'none'; img-src data:; ${extra}`,
  });

  it('of loader, wasm, blob workers and endpoint, with Trusted Types, is enough: no violation', async () => {
    const loader = `${servers.endpoint}/sdk/promo-edge.js`;
    servers.pages.set('/strict', {
      html: shopPage(
        servers.tag(fixture.key.publicKey),
        '<promo-slot name="cart" min-height="40"></promo-slot>',
      ),
      headers: strict(
        `script-src ${loader} 'wasm-unsafe-eval'; worker-src blob:; connect-src ${servers.endpoint}; require-trusted-types-for 'script'; trusted-types promo-edge`,
      ),
    });
    const { ready, decision, errors, violations } = await decideAt('/strict');
    expect({ errors, violations }).toEqual({ errors: [], violations: [] });
    expect(ready.tier).toBe('kernels');
    expect(decision.source).toBe('policy');
  });

  it('without wasm-unsafe-eval leaves plain JavaScript', async () => {
    servers.pages.set('/no-wasm', {
      html: shopPage(servers.tag(fixture.key.publicKey)),
      headers: strict(`script-src ${servers.endpoint}; worker-src blob:; connect-src ${servers.endpoint}`),
    });
    const { ready, decision } = await decideAt('/no-wasm');
    expect(ready.tier).toBe('js');
    expect(decision).toMatchObject({ source: 'policy', tier: 'js' });
  });

  it('without blob workers puts the same code on the page', async () => {
    servers.pages.set('/no-worker', {
      html: shopPage(servers.tag(fixture.key.publicKey)),
      headers: strict(
        `script-src ${servers.endpoint}; worker-src 'none'; connect-src ${servers.endpoint}; require-trusted-types-for 'script'; trusted-types promo-edge`,
      ),
    });
    const { decision } = await decideAt('/no-worker');
    expect(decision).toMatchObject({ source: 'policy', tier: 'js' });
  });
});

describe('what a browser may lack or break', () => {
  it.each<[string, () => void]>([
    ['no IndexedDB', () => Object.defineProperty(globalThis, 'indexedDB', { value: undefined })],
    [
      'workers that throw',
      () => {
        Object.assign(globalThis, {
          Worker: class {
            constructor() {
              throw new Error('blocked');
            }
          },
        });
      },
    ],
    [
      'a host that patches JSON, Promise and fetch',
      () => {
        const { then } = Promise.prototype;
        // biome-ignore lint/suspicious/noThenProperty: error monitors do exactly this
        Promise.prototype.then = function (...handlers) {
          return then.apply(this, handlers as never) as never;
        };
        const { fetch, JSON: json } = globalThis;
        globalThis.fetch = (...request) => fetch(...request);
        const { stringify } = json;
        json.stringify = (...value: unknown[]) => stringify(...(value as [unknown]));
      },
    ],
  ])('decides all the same with %s', async (_name, before) => {
    const { decision, errors } = await decideAt('/', before);
    expect(errors).toEqual([]);
    expect(decision.source).toBe('policy');
  });

  it.each<[string, string]>([
    [
      'IndexedDB that never answers',
      'indexedDB.open = () => ({ addEventListener() {}, set onsuccess(_) {} });',
    ],
    [
      'IndexedDB that throws',
      "indexedDB.open = () => { throw new DOMException('blocked', 'SecurityError'); };",
    ],
    [
      'IndexedDB that is full',
      "IDBObjectStore.prototype.add = IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };",
    ],
  ])('in the worker: %s', async (_name, fault) => {
    const { context, page, errors } = await faultyWorker(fault);
    const before = await page.evaluate(async () => {
      const began = performance.now();
      const decision = await promoEdge.decide('cart');
      return { decision, took: performance.now() - began };
    });
    expect(before.took).toBeLessThan(IN_TIME_MS);
    await page.evaluate(() => promoEdge.ready());
    await page.evaluate(() => promoEdge.track('view_item', { items: [{ item_id: 'p1' }] }));
    const decision = await page.evaluate(() => promoEdge.decide('cart', { timeout: 10_000 }));
    expect(decision.source).toBe('policy');
    expect(errors).toEqual([]);
    await context.close();
  });

  it('decides by plain JavaScript where there is no room for WebAssembly’s memory', async () => {
    const short = await launchChromium(['--js-flags=--wasm-max-mem-pages=8']);
    const { page, errors } = await openPage(short, servers.page);
    expect(await page.evaluate(() => promoEdge.ready())).toMatchObject({ tier: 'js', release: 1 });
    const decision = await page.evaluate(() => promoEdge.decide('cart', { timeout: 10_000 }));
    expect(decision).toMatchObject({ source: 'policy', tier: 'js', release: 1 });
    expect(errors).toEqual([]);
    await short.close();
  });

  it('goes on deciding when the browser says that memory is short', async () => {
    const { page, context, errors } = await openPage(browser, servers.page);
    await page.evaluate(() => promoEdge.ready());
    const session = await context.newCDPSession(page);
    await session.send('Memory.simulatePressureNotification', { level: 'critical' });
    const decision = await page.evaluate(() => promoEdge.decide('cart', { timeout: 10_000 }));
    expect(decision).toMatchObject({ source: 'policy', tier: 'kernels' });
    expect(errors).toEqual([]);
    await context.close();
  });

  it('gives the default in time when the worker hangs', async () => {
    const { context, page, errors } = await faultyWorker('for (;;) {}');
    const { decision, took } = await page.evaluate(async () => {
      const began = performance.now();
      const decision = await promoEdge.decide('cart', { fallback: 'free-shipping' });
      return { decision, took: performance.now() - began };
    });
    expect(decision).toMatchObject({
      source: 'default',
      action: 'free-shipping',
      reasons: [{ code: 'timeout' }],
    });
    expect(took).toBeLessThan(IN_TIME_MS);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('gives the default when the endpoint is gone', async () => {
    const gone = servers
      .tag(fixture.key.publicKey)
      .replace('data-endpoint="http://127.0.0.1', 'data-endpoint="http://127.0.0.2');
    servers.pages.set('/gone', { html: shopPage(gone) });
    const { decision, errors, ready } = await decideAt('/gone');
    expect(ready.tier).toBeUndefined();
    expect(decision.source).toBe('default');
    expect(errors).toEqual([]);
  });
});

describe('the host page', () => {
  it('may load the script twice: the second finds the first and goes', async () => {
    const tag = servers.tag(fixture.key.publicKey);
    const stub = '<script>count=0;promoEdge=[];promoEdge.push(()=>count++)</script>';
    servers.pages.set('/twice', { html: shopPage(stub + tag + tag) });
    const from = servers.requests.length;
    const { page, context, errors } = await openPage(browser, `${servers.page}/twice`);
    await page.evaluate(() => promoEdge.ready());
    await page.waitForLoadState('networkidle');
    const workers = servers.requests.slice(from).filter(({ url }) => url.includes('worker.js'));
    expect(workers.length).toBe(1);
    expect(await page.evaluate(() => (globalThis as unknown as { count: number }).count)).toBe(1);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('may run the script when it is nobody’s current one, as optimizers and modules do', async () => {
    const tag = servers.tag(fixture.key.publicKey, 'type="module"');
    servers.pages.set('/module', { html: shopPage(tag) });
    const { decision, errors } = await decideAt('/module');
    expect(decision.source).toBe('policy');
    expect(errors).toEqual([]);
  });

  it('is told what in its tag means nothing', async () => {
    const tag = servers.tag(fixture.key.publicKey, 'data-sources="datalayer" data-consent-from="cookiebot"');
    servers.pages.set('/mistaken', { html: shopPage(tag) });
    const { page, context, errors } = await openPage(browser, `${servers.page}/mistaken`);
    await expect.poll(() => errors.join()).toMatch(/data-sources: expected dataLayer.*found datalayer/);
    expect(errors.join()).toMatch(/data-consent-from: expected tcf or googleConsentMode, found cookiebot/);
    expect(await page.evaluate(() => promoEdge.exportData())).toMatchObject({
      consent: { personalization: 'pending', measurement: 'pending' },
    });
    await context.close();
  });

  it('may destroy the SDK where workers are blocked: its clocks, which run on the page, stop', async () => {
    const tag = servers.tag(fixture.key.publicKey, 'data-poll-ms="100"');
    const policy = `script-src ${servers.endpoint}; worker-src 'none'; connect-src ${servers.endpoint}`;
    servers.pages.set('/clocks', { html: shopPage(tag), headers: { 'content-security-policy': policy } });
    const { page, context } = await openPage(browser, `${servers.page}/clocks`);
    const polls = (): number => servers.requests.filter(({ url }) => url.endsWith('manifest.json')).length;
    await page.evaluate(() => promoEdge.ready());
    const before = polls();
    await expect.poll(polls, { timeout: 10_000 }).toBeGreaterThan(before + 1);
    // The one that is on its way may still arrive.
    await page.evaluate(() => promoEdge.destroy());
    await page.waitForTimeout(500);
    const after = polls();
    await page.waitForTimeout(1000);
    expect(polls()).toBe(after);
    await context.close();
  });

  it('may destroy the SDK: decisions are the default from then on', async () => {
    const { page, context, errors } = await openPage(browser, servers.page);
    const decision = await page.evaluate(async () => {
      await promoEdge.ready();
      promoEdge.destroy();
      return promoEdge.decide('cart');
    });
    expect(decision).toMatchObject({ source: 'default', action: 'none' });
    expect(errors).toEqual([]);
    await context.close();
  });
});

/** A page whose worker begins with `fault`. */
async function faultyWorker(fault: string) {
  servers.alter = (file, code) => (file.startsWith('promo-edge-worker') ? `${fault}\n${code}` : code);
  return openPage(browser, servers.page);
}
