import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import type { PublicPromotion } from '../../shared/bundle.ts';
import { propose, setFourEyes } from '../../trainer-server/access/four-eyes.ts';
import { openCoupons } from '../../trainer-server/coupons/coupons.ts';
import { publishBundle } from '../../trainer-server/release/publish.ts';
import { bundleFixture } from '../helpers/bundle-fixture.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { openPage, shopPage, violations } from '../helpers/open-page.ts';
import { type SdkServers, startSdkServers } from '../helpers/sdk-servers.ts';
import { NOW, type Served, serveStore, signing, smallBundle } from '../helpers/served.ts';

declare const promoEdge: PromoEdge;

const MARKUP = [
  '<img src=x onerror="hacked=1">',
  '<script>hacked=1</script>',
  '"><svg onload=hacked=1>',
  '</strong><iframe srcdoc="<script>parent.hacked=1</script>">',
  '<style>@import "/seen"</style>',
  '{{hacked=1}}#{hacked=1}',
  '\u202e<b onclick=hacked=1>\u0000\ufeff',
  '<'.repeat(10_000),
];

const LINKS = [
  'javascript:hacked=1',
  'java\nscript:hacked=1',
  ' \tJaVaScRiPt:hacked=1',
  'vbscript:hacked=1',
  'data:text/html,<script>hacked=1</script>',
  'blob:https://evil.example/1',
  '//evil.example/seen',
  '\\\\evil.example\\seen',
  'https://evil.example/seen',
  'https://user:word@evil.example/seen',
  'http://[/seen',
];

const PICTURES = [
  '/seen.png',
  'https://evil.example/seen.png',
  'javascript:hacked=1',
  'data:text/html,<script>hacked=1</script>',
  'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="hacked=1"><image href="/seen.png"/></svg>',
];

const creatives: Record<string, unknown>[] = [
  ...MARKUP.map((bad) => ({ title: bad, text: bad, action: bad, url: '/offers' })),
  ...LINKS.map((url) => ({ title: 'x', text: 'y', action: 'z', url })),
  ...PICTURES.map((image) => ({ title: 'x', text: 'y', image })),
  // Fields of other kinds, and languages that are none.
  { title: { en: MARKUP[0], constructor: MARKUP[1] }, text: [MARKUP[0]], url: { href: LINKS[0] } },
  JSON.parse(`{"__proto__": {"title": "x", "url": "${LINKS[0]}"}, "title": "own"}`),
];

const HOSTILE: PublicPromotion[] = creatives.map((creative, i) => ({
  id: i === 0 ? '"><img src=x onerror=hacked=1>' : `hostile-${i}`,
  terms: { type: 'message' },
  creative,
}));

let servers: SdkServers;
let browser: Browser;
let trainer: Served;

beforeAll(async () => {
  const fixture = await bundleFixture({ promotions: HOSTILE });
  [servers, browser] = await Promise.all([startSdkServers(), launchChromium()]);
  servers.publish(fixture);
  const tag = servers.tag(fixture.key.publicKey, 'data-timeout="20000"');
  const own = servers.endpoint;
  servers.pages.set('/', {
    html: shopPage(tag),
    headers: {
      'content-security-policy': `default-src 'none'; img-src data: 'self'; style-src 'unsafe-inline'; script-src ${own} 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob:; connect-src ${own}; require-trusted-types-for 'script'; trusted-types promo-edge`,
    },
  });
});

afterAll(async () => {
  await browser?.close();
  await servers?.close();
  await trainer?.stop();
});

describe('safety 26: hostile promotion text and addresses', () => {
  it('are inert under a strict policy with Trusted Types: text, no stranger, no request, no violation', async () => {
    const { page, errors, context } = await openPage(browser, servers.page);
    await page.evaluate(() => promoEdge.ready());
    servers.requests.length = 0;
    const shown = await page.evaluate(
      async (ids) => {
        const found: { tags: string[]; hrefs: string[]; text: string }[] = [];
        // A click shall go nowhere else even where a link is allowed.
        addEventListener('click', (event) => event.preventDefault());
        for (const [i, id] of ids.entries()) {
          promoEdge.override(`slot-${i}`, id);
          const slot = document.createElement('promo-slot');
          slot.setAttribute('name', `slot-${i}`);
          const decided = new Promise((resolve) => slot.addEventListener('promo-edge:decision', resolve));
          document.body.append(slot);
          await decided;
          await new Promise((resolve) => setTimeout(resolve));
          for (const element of slot.querySelectorAll<HTMLElement>('*')) element.click();
          found.push({
            tags: [...slot.querySelectorAll('*')].map((element) => element.localName),
            hrefs: [...slot.querySelectorAll('a')].map(({ href }) => href),
            text: slot.textContent ?? '',
          });
        }
        return found;
      },
      HOSTILE.map(({ id }) => id),
    );
    const [first] = shown;
    expect(first!.text).toContain('<img src=x onerror="hacked=1">');
    for (const { tags, hrefs } of shown) {
      for (const tag of tags) expect(['a', 'div', 'strong', 'span', 'em', 'img']).toContain(tag);
      for (const href of hrefs) expect(href).toBe(`${servers.page}/offers`);
    }
    expect(shown.map(({ tags }) => tags.includes('img')).filter(Boolean)).toHaveLength(1);
    await page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
    expect(await page.evaluate(() => 'hacked' in globalThis || 'url' in {} || 'title' in {})).toBe(false);
    expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
    expect(servers.requests.map(({ url }) => url).filter((url) => /seen|evil/.test(url))).toEqual([]);
    await context.close();
  });

  it('are inert on the trainer’s own page: names of budgets, promotions, proposals and people', async () => {
    const { store, options } = signing();
    await publishBundle(await smallBundle(), options);
    const coupons = openCoupons(store);
    setFourEyes(store, true, NOW, MARKUP[1]);
    for (const [i, bad] of MARKUP.slice(0, 7).entries()) {
      store.transaction(() => coupons.budgets.set('demo', bad, 'EUR', 100 + i, NOW));
      const promotion = { id: bad, terms: { type: 'coupon', amount: 1 } } as const;
      coupons.offer('demo', promotion, { budget: bad });
      propose(store, { site: 'demo', subject: 'promotion', name: bad, body: { bad } }, bad, NOW);
    }
    trainer = await serveStore(store);
    const context = await browser.newContext();
    const page = await context.newPage();
    const noted: string[] = [];
    page.on('console', (message) => noted.push(message.text()));
    page.on('pageerror', (error) => noted.push(String(error)));
    page.on('request', (request) => noted.push(new URL(request.url()).pathname));
    await page.goto(`${trainer.url}/`);
    expect(await page.locator('body').textContent()).toContain('<img src=x onerror="hacked=1">');
    expect(await page.locator('img, svg, iframe, b').count()).toBe(0);
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
    expect(noted.filter((what) => !['/', '/favicon.ico'].includes(what))).toEqual([]);
    await context.close();
  });
});
