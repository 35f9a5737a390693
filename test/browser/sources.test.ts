import { describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import { openPage } from '../helpers/open-page.ts';
import { sdkStage } from '../helpers/sdk-stage.ts';
import { layStrictPage } from '../helpers/strict-page.ts';

declare const promoEdge: PromoEdge;

const stage = sdkStage({
  promotions: [{ id: 'kind', terms: { type: 'message' }, creative: { title: 'Ten off', text: 'Today' } }],
});

const lay = (path: string, attributes: string, body: string): void =>
  layStrictPage(stage, path, attributes, body);

describe('JSON-LD', () => {
  it('is read wherever it stands on the page', async () => {
    const product = { '@type': 'Product', sku: 'p9', offers: { price: 3, priceCurrency: 'EUR' } };
    const body = `${'<p>words</p>'.repeat(2000)}<script type="application/ld+json">${JSON.stringify(product)}</script>`;
    lay('/ld', 'data-sources="jsonld"', body);
    const { page, context, errors } = await openPage(stage.browser, `${stage.servers.page}/ld`);
    await page.evaluate(() => promoEdge.ready());
    await expect
      .poll(() => page.evaluate(() => promoEdge.exportData()), { timeout: 10_000 })
      .toMatchObject({ events: [{ name: 'view_item', items: [{ sku: 'p9', price: 300 }] }] });
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe('the dataLayer', () => {
  it('says what was seen and taken where the shop asks for it, while measurement is granted, and never else', async () => {
    // As a server writes a slot that it has decided.
    const slot = '<promo-slot name="home" data-decided="kind">Ten off</promo-slot>';
    lay('/announce', 'data-announce data-sources="dataLayer"', slot);
    const { page, context, errors } = await openPage(stage.browser, `${stage.servers.page}/announce`);
    const act = () =>
      page.evaluate(async () => {
        const { id } = await promoEdge.decide('cart', { eligible: ['kind'] });
        promoEdge.exposed(id);
        document.querySelector('promo-slot')!.dispatchEvent(new MouseEvent('click', { bubbles: true }));
        // Whatever follows from it in the worker has been followed.
        await promoEdge.exportData();
      });
    type Entry = { event?: string; ecommerce?: Record<string, string> };
    const said = async (): Promise<string[]> => {
      const layer = await page.evaluate(() => (globalThis as unknown as { dataLayer: Entry[] }).dataLayer);
      return layer
        .flatMap(({ event, ecommerce: e }) =>
          e ? `${event} ${e['promotion_id']} ${e['creative_slot']} ${e['promotion_name']}` : [],
        )
        .sort();
    };
    await page.evaluate(() => promoEdge.ready());
    await act();
    expect(await said()).toEqual([]);
    await page.evaluate(() => promoEdge.setConsent({ measurement: true }));
    await act();
    const [taken, seen] = ['select_promotion kind home undefined', 'view_promotion kind cart Ten off'];
    await expect.poll(said, { timeout: 15_000 }).toEqual([taken, seen]);
    // What somebody forces to look at it is nobody's view; nor is our own word read back as the shop's.
    await page.evaluate(() => promoEdge.override('cart', 'kind'));
    await act();
    await page.evaluate(() => promoEdge.setConsent({ measurement: false }));
    await act();
    expect(await said()).toEqual([taken, taken, seen]);
    const { events } = await page.evaluate(
      async () => (await promoEdge.exportData()) as { events: { name: string }[] },
    );
    expect(events.map(({ name }) => name)).toEqual(['view_promotion', 'view_promotion']);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('is read from before and after the load, as gtag() and as Google Tag Manager push to it', async () => {
    const layer = `<script>
      dataLayer=[];function gtag(){dataLayer.push(arguments)}
      gtag('event','view_item',{items:[{item_id:'p1',price:3}]});
    </script>`;
    lay('/layer', 'data-sources="dataLayer"', layer);
    const { page, context, errors } = await openPage(stage.browser, `${stage.servers.page}/layer`);
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
