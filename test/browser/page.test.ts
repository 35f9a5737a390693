import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import type { PublicPromotion } from '../../shared/bundle.ts';
import { bundleFixture, type Fixture } from '../helpers/bundle-fixture.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { openPage, shopPage, violations } from '../helpers/open-page.ts';
import { type SdkServers, startSdkServers } from '../helpers/sdk-servers.ts';

declare const promoEdge: PromoEdge;

/** What a hostile author of a bundle might try on the page. */
const HOSTILE: PublicPromotion[] = [
  {
    id: 'script',
    terms: { type: 'message' },
    creative: {
      title: '<img src=x onerror="hacked=1">',
      text: '<script>hacked=1</script>',
      url: 'javascript:hacked=1',
    },
  },
  {
    id: 'stranger',
    terms: { type: 'message' },
    creative: { title: 'x', text: 'y', url: 'https://evil.example/' },
  },
  { id: 'image', terms: { type: 'message' }, creative: { title: 'x', text: 'y', image: '/seen?who' } },
  {
    id: 'kind',
    terms: { type: 'message' },
    creative: { title: 'Ten off', text: 'Today', action: 'Take it', url: '/offers' },
  },
];

let servers: SdkServers;
let browser: Browser;
let fixture: Fixture;

beforeAll(async () => {
  [servers, browser, fixture] = await Promise.all([
    startSdkServers(),
    launchChromium(),
    bundleFixture({ promotions: HOSTILE }),
  ]);
  servers.publish(fixture);
  lay('/', '');
});

afterAll(async () => {
  await browser?.close();
  await servers?.close();
});

/** A page with the SDK whose slot's action is forced to `action` before the slot asks. */
function lay(path: string, attributes: string, body = ''): void {
  const tag = servers.tag(fixture.key.publicKey, `data-timeout="10000" ${attributes}`);
  servers.pages.set(path, {
    html: shopPage(`<style>promo-slot{display:block;min-height:64px}</style>${tag}`, body),
    headers: {
      'content-security-policy': `default-src 'none'; img-src data: 'self'; style-src 'unsafe-inline'; script-src ${servers.endpoint} 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob:; connect-src ${servers.endpoint}; require-trusted-types-for 'script'; trusted-types promo-edge`,
    },
  });
}

async function slotWith(action: string) {
  const opened = await openPage(browser, servers.page);
  const html = await opened.page.evaluate(async (action) => {
    await promoEdge.ready();
    promoEdge.override('cart', action);
    const slot = document.createElement('promo-slot');
    slot.setAttribute('name', 'cart');
    slot.setAttribute('min-height', '64');
    slot.textContent = 'fallback';
    const decided = new Promise((resolve) => slot.addEventListener('promo-edge:decision', resolve));
    document.body.append(slot);
    await decided;
    await new Promise((resolve) => setTimeout(resolve));
    return slot.innerHTML;
  }, action);
  return { ...opened, html };
}

describe('<promo-slot>', () => {
  it("shows a promotion's words and its link", async () => {
    const { html, context } = await slotWith('kind');
    expect(html).toContain('<strong>Ten off</strong>');
    expect(html).toContain(`href="${servers.page}/offers"`);
    await context.close();
  });

  it('keeps its fallback where nothing is offered', async () => {
    const { html, context } = await slotWith('none');
    expect(html).toBe('fallback');
    await context.close();
  });

  it.each(['script', 'stranger', 'image'])('keeps a hostile promotion inert: %s', async (action) => {
    servers.requests.length = 0;
    const { page, html, errors, context } = await slotWith(action);
    await page.click('promo-slot .promo-edge');
    await page.waitForTimeout(200);
    expect(html).not.toContain('<script>');
    expect(await page.locator('promo-slot img, promo-slot a').count()).toBe(0);
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
    expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
    expect(servers.requests.filter(({ url }) => url.includes('seen'))).toEqual([]);
    await context.close();
  });

  it('leaves the rendering to a shop that cancels the event', async () => {
    const { page, context } = await openPage(browser, servers.page);
    const html = await page.evaluate(async () => {
      promoEdge.override('cart', 'kind');
      const slot = document.createElement('promo-slot');
      slot.setAttribute('name', 'cart');
      slot.textContent = 'mine';
      const decided = new Promise((resolve) => {
        slot.addEventListener('promo-edge:decision', (event) => {
          event.preventDefault();
          resolve(event);
        });
      });
      document.body.append(slot);
      await decided;
      return slot.innerHTML;
    });
    expect(html).toBe('mine');
    await context.close();
  });

  it('moves nothing below it, and is exposed once it is seen', async () => {
    lay('/slot', '', '<promo-slot name="home" min-height="64">fallback</promo-slot><p>below</p>');
    const { page, context } = await openPage(browser, `${servers.page}/slot`);
    const top = () => page.evaluate(() => document.querySelector('p')!.getBoundingClientRect().top);
    const before = await top();
    const exposed = page.evaluate(() => new Promise((resolve) => promoEdge.on('exposure', resolve)));
    expect(await exposed).toHaveProperty('id');
    expect(await top()).toBe(before);
    await context.close();
  });
});

describe('the dataLayer', () => {
  it('is read from before and after the load, as gtag() and as Google Tag Manager push to it', async () => {
    const layer = `<script>
      dataLayer=[];function gtag(){dataLayer.push(arguments)}
      gtag('event','view_item',{items:[{item_id:'p1',price:3}]});
    </script>`;
    lay('/layer', 'data-sources="dataLayer,jsonld"', layer);
    const { page, context, errors } = await openPage(browser, `${servers.page}/layer`);
    const events = await page.evaluate(async () => {
      await promoEdge.ready();
      const { dataLayer } = globalThis as unknown as { dataLayer: unknown[] };
      dataLayer.push({
        event: 'add_to_cart',
        ecommerce: { items: [{ item_id: 'p2', quantity: 2 }] },
        'gtm.element': document.body,
      });
      dataLayer.push({ event: 'gtm.click' }, null, 7);
      await promoEdge.decide('cart');
      const { events } = (await promoEdge.exportData()) as { events: { name: string; items: unknown[] }[] };
      return events.map(({ name, items }) => ({ name, items }));
    });
    expect(events).toEqual([
      { name: 'view_item', items: [{ sku: 'p1', quantity: 1, price: 300 }] },
      { name: 'add_to_cart', items: [{ sku: 'p2', quantity: 2 }] },
    ]);
    expect(errors).toEqual([]);
    await context.close();
  });
});
