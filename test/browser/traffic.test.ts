import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import { ADAPTING, bundleFixture } from '../helpers/bundle-fixture.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { type SdkServers, startSdkServers } from '../helpers/sdk-servers.ts';

declare const promoEdge: PromoEdge;

const PAGES = ['/', '/product', '/cart'] as const;

/** What a shopper does on each page. Runs in the browser. */
type Shopper = Record<(typeof PAGES)[number], () => Promise<unknown>>;

const teaLover: Shopper = {
  '/': async () => {
    promoEdge.track('search', { search_term: 'oolong tea' });
    for (let i = 0; i < 20; i++)
      promoEdge.track('view_item', { items: [{ item_id: `p${2 * i}`, price: 12.5 }] });
    // Of which the device makes a vector.
    promoEdge.track('view_item', { items: [{ item_id: 'new', item_name: 'Oolong', item_category: 'Tea' }] });
    await promoEdge.recommend('home', { k: 4 });
  },
  '/product': async () => {
    promoEdge.track('add_to_cart', { items: [{ item_id: 'p4', price: 4.2, quantity: 3 }] });
    const { id } = await promoEdge.decide('cart', { timeout: 5000 });
    promoEdge.exposed(id);
    promoEdge.track('select_promotion', { promotion_id: 'tea-20' });
  },
  '/cart': async () => {
    promoEdge.track('purchase', { value: 99.5, items: [{ item_id: 'p4', price: 4.2, quantity: 3 }] });
    promoEdge.outcome({ satisfied: true });
    document.querySelector<HTMLElement>('promo-slot')?.click();
    await promoEdge.search('mugs');
  },
};

const bouncer: Shopper = {
  '/': async () => undefined,
  '/product': async () => promoEdge.track('view_item', { items: [{ item_id: 'p399' }] }),
  '/cart': async () => {
    promoEdge.track('remove_from_cart', { items: [{ item_id: 'p1' }] });
    await promoEdge.forget();
  },
};

/** Ways in which one byte of a decision could get out; each must be noticed. */
const LEAKS: Record<string, () => void> = {
  beacon: () => promoEdge.on('decision', ({ action }) => navigator.sendBeacon('/leak', action[0])),
  image: () =>
    promoEdge.on('decision', ({ action }) => {
      new Image().src = `/leak?${action[0]}`;
    }),
  socket: () =>
    promoEdge.on('decision', ({ action }) => {
      new WebSocket(`ws://${location.host}/leak?${action[0]}`);
    }),
  worker: () =>
    promoEdge.on('decision', ({ action }) => {
      const code = `fetch('${location.origin}/leak', { method: 'POST', body: '${action[0]}' })`;
      new Worker(URL.createObjectURL(new Blob([code])));
    }),
};

let clean: string[] | undefined;
let servers: SdkServers;
let browser: Browser;

beforeAll(async () => {
  const [fixture] = await Promise.all([
    bundleFixture({ adaptation: ADAPTING }),
    startSdkServers().then((started) => (servers = started)),
    launchChromium().then((launched) => (browser = launched)),
  ]);
  servers.publish(fixture);
  // The report clock turns many times during a visit; the poll clock never does.
  const tag = servers.tag(
    fixture.key.publicKey,
    'data-report-ms="50" data-outcome-ms="1" data-sources="dataLayer"',
  );
  const html = `<!doctype html><html lang="en"><head><link rel="icon" href="data:,">
    <script>promoEdge=[];promoEdge.push(p=>{p.releases=0;p.on('release',()=>p.releases++)})</script>${tag}</head>
    <body><promo-slot name="home" min-height="64"></promo-slot></body></html>`;
  for (const path of PAGES) servers.pages.set(path, { html });
});

afterAll(async () => {
  await browser?.close();
  await servers?.close();
});

describe('traffic without consent', () => {
  it('is the same, byte by byte, for two quite different shoppers', async () => {
    const tea = await trafficOf(teaLover);
    const bounce = await trafficOf(bouncer);
    expect(tea.length).toBeGreaterThan(8);
    expect(tea.filter((line) => line.includes('/b/')).length).toBe(8);
    expect(bounce).toEqual(tea);
  });

  it.each(Object.keys(LEAKS))('is seen to differ by one byte through: %s', async (leak) => {
    const deciding = { ...bouncer, '/': teaLover['/product'] };
    clean ??= await trafficOf(deciding, undefined, ['/']);
    expect(await trafficOf(deciding, LEAKS[leak], ['/'])).not.toEqual(clean);
  });

  it('carries no cookie, no referrer, no validator and no query of the shopper to the endpoint', async () => {
    servers.requests.length = 0;
    await trafficOf(teaLover);
    const sent = servers.requests.filter(({ to }) => to === 'endpoint');
    const forbidden = ['cookie', 'if-none-match', 'if-modified-since', 'authorization'];
    for (const { url, headers, method, body } of sent) {
      expect(method).toBe('GET');
      expect(body).toBe('');
      expect(url).toMatch(/^\/(sdk\/[\w.-]+(\?v=\w+)?|s\/pk_test\/manifest\.json|b\/[0-9a-f]{64})$/);
      expect(forbidden.filter((name) => name in headers)).toEqual([]);
      // The script tag itself is the page's own request.
      if (!url.startsWith('/sdk/promo-edge.js')) expect(headers.referer).toBeUndefined();
    }
  });
});

/**
 * Everything that left the browser during a visit, one line a request: at the servers (method, address, headers,
 * body) and at the browser's end (addresses and bodies of every page, worker and socket).
 */
async function trafficOf(
  shopper: Shopper,
  leak?: () => void,
  pages: readonly (typeof PAGES)[number][] = PAGES,
): Promise<string[]> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const seen: string[] = [];
  context.on('request', (request) =>
    seen.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`),
  );
  page.on('websocket', (socket) => seen.push(`socket ${socket.url()}`));
  const lines: string[] = [];
  let from = servers.requests.length;
  for (const [step, path] of pages.entries()) {
    await page.goto(servers.page + path);
    await loaded(page, step === 0);
    if (leak !== undefined) await page.evaluate(leak);
    await page.evaluate(shopper[path]);
    // Several turns of the report clock; what a shopper's acts could set off must have time to.
    await page.waitForTimeout(300);
    // A Blob's address holds a random name and never leaves the browser.
    const left = seen.splice(0).map((line) => line.replace(/blob:\S+/, 'blob:'));
    const received = servers.requests.slice(from).map((request) => JSON.stringify(request));
    from = servers.requests.length;
    // Requests that are under way side by side come in an order that nobody chose.
    lines.push(`visit of ${path}`, ...left.sort(), ...received.sort());
  }
  await context.close();
  return lines;
}

/** Until the whole release is here on a first visit, and taken up again from the device on a later one. */
async function loaded(page: Page, first: boolean): Promise<void> {
  await page.waitForFunction(() => 'promoEdge' in globalThis && !Array.isArray(promoEdge));
  await page.evaluate(() => promoEdge.ready());
  const wanted = first ? 2 : 1;
  await page.waitForFunction(
    (count) => (promoEdge as unknown as { releases: number }).releases >= count,
    wanted,
  );
  // The helper starts by the clock: on every page before the shopper does anything.
  while (page.workers().length < 2) await page.waitForTimeout(50);
}
