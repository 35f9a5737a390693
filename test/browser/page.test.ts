import { beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import type { PublicPromotion } from '../../shared/bundle.ts';
import { bundleFixture } from '../helpers/bundle-fixture.ts';
import { openPage, violations } from '../helpers/open-page.ts';
import { sdkStage } from '../helpers/sdk-stage.ts';
import { layStrictPage } from '../helpers/strict-page.ts';

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

const stage = sdkStage({ promotions: HOSTILE });

beforeAll(() => lay('/', ''));

const lay = (path: string, attributes: string, body = ''): void =>
  layStrictPage(stage, path, attributes, body);

async function slotWith(action: string) {
  const opened = await openPage(stage.browser, stage.servers.page);
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
    expect(html).toContain(`href="${stage.servers.page}/offers"`);
    await context.close();
  });

  it('keeps its fallback where nothing is offered', async () => {
    const { html, context } = await slotWith('none');
    expect(html).toBe('fallback');
    await context.close();
  });

  it.each(['script', 'stranger', 'image'])('keeps a hostile promotion inert: %s', async (action) => {
    stage.servers.requests.length = 0;
    const { page, html, errors, context } = await slotWith(action);
    await page.click('promo-slot .promo-edge');
    await page.waitForTimeout(200);
    expect(html).not.toContain('<script>');
    expect(await page.locator('promo-slot img, promo-slot a').count()).toBe(0);
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
    expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
    expect(stage.servers.requests.filter(({ url }) => url.includes('seen'))).toEqual([]);
    await context.close();
  });

  it('leaves the rendering to a shop that cancels the event', async () => {
    const { page, context } = await openPage(stage.browser, stage.servers.page);
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
    const slot = '<promo-slot name="home" min-height="64">fallback</promo-slot>';
    lay(
      '/slot',
      '',
      `${slot}<p>below</p><script>tops=[document.querySelector('p').getBoundingClientRect().top]</script>`,
    );
    const { page, context } = await openPage(stage.browser, `${stage.servers.page}/slot`, {
      // Before the load, in the queue: it may be seen before the test can ask.
      before: () => {
        Object.assign(globalThis, {
          promoEdge: [
            (edge: PromoEdge) => edge.on('exposure', (seen) => Object.assign(globalThis, { seen })),
          ],
        });
      },
    });
    const seen = () => page.evaluate(() => (globalThis as { seen?: object }).seen);
    await expect.poll(seen, { timeout: 20_000 }).toHaveProperty('id');
    const [before, after] = await page.evaluate(() => [
      (globalThis as unknown as { tops: number[] }).tops[0],
      document.querySelector('p')!.getBoundingClientRect().top,
    ]);
    expect(after).toBe(before);
    await context.close();
  });
});

describe('a price that was chosen from personal data', () => {
  it('stands beside the words that the law asks for', async () => {
    const promotions: PublicPromotion[] = [
      {
        id: 'ten',
        terms: { type: 'percentage', percent: 10 },
        creative: { title: 'Ten off', text: 'Today', disclosure: { en: 'Set by an algorithm.' } },
      },
    ];
    const law = { untrue: {}, urgent: {}, disclosure: 'eu-personalised-price' };
    const { key } = stage.fixture;
    stage.servers.publish(await bundleFixture({ key, version: 2, promotions, law }));
    const { page, context } = await openPage(stage.browser, stage.servers.page);
    const shown = await page.evaluate(async () => {
      promoEdge.track('view_item', { items: [{ item_id: 'p1' }] });
      // Now and then the policy shows nothing.
      for (let i = 0; i < 100; i++) {
        const slot = document.createElement('promo-slot');
        slot.setAttribute('name', 'cart');
        const decided = new Promise((resolve) => slot.addEventListener('promo-edge:decision', resolve));
        document.body.append(slot);
        await decided;
        await new Promise((resolve) => setTimeout(resolve));
        slot.remove();
        if (slot.dataset.decided === 'ten') return slot.textContent;
      }
      return undefined;
    });
    expect(shown).toContain('Ten off Today Set by an algorithm.');
    stage.servers.publish(stage.fixture);
    await context.close();
  });
});

describe('one page view, one shopper', () => {
  it('decides the slots of a page together, so that no promotion is shown twice', async () => {
    const slots = ['home', 'product', 'cart', 'exit'].map(
      (name) => `<promo-slot name="${name}"></promo-slot>`,
    );
    lay('/slots', '', slots.join(''));
    const { page, context } = await openPage(stage.browser, `${stage.servers.page}/slots`);
    await page.waitForFunction(
      () => document.querySelectorAll('promo-slot:not([data-decided=""])').length === 4,
    );
    const drawn = await page.evaluate(async () => {
      const kept = (await promoEdge.exportData()) as { decisions: { action: string; eligible: string[] }[] };
      const again = [];
      for (let i = 0; i < 5; i++)
        again.push(await promoEdge.decideAll(['home', 'product', 'cart', 'search', 'exit']));
      return { slots: kept, again: again.map((decisions) => decisions.map(({ action }) => action)) };
    });
    const shown = await page
      .locator('promo-slot')
      .evaluateAll((slots) => slots.map((slot) => slot.dataset.decided));
    for (const actions of [shown, ...drawn.again]) {
      const offers = actions.filter((action) => action !== 'none');
      expect(new Set(offers).size).toBe(offers.length);
    }
    // There are four promotions, and the fixture's policy likes to show them: some page showed more than one.
    expect(drawn.again.some((actions) => actions.filter((action) => action !== 'none').length > 1)).toBe(
      true,
    );
    await context.close();
  });

  it('never shows again what a shopper is not interested in, in no tab, until all is forgotten', async () => {
    const { page, context } = await openPage(stage.browser, stage.servers.page);
    const { page: other } = await openPage(context, stage.servers.page);
    const masked = (tab: typeof page) =>
      tab.evaluate(async () => {
        const { reasons } = await promoEdge.decide('home', { timeout: 20_000 });
        return reasons.filter(({ code }) => code === 'dismissed').map(({ promotion }) => promotion);
      });
    for (const tab of [page, other]) await tab.evaluate(() => promoEdge.ready());
    expect(await masked(other)).toEqual([]);
    await page.evaluate(() => promoEdge.dismiss('kind'));
    expect(await masked(page)).toEqual(['kind']);
    await expect.poll(() => masked(other)).toEqual(['kind']);
    await other.reload();
    await other.waitForFunction(() => !Array.isArray(promoEdge));
    await expect.poll(() => masked(other)).toEqual(['kind']);
    await other.evaluate(() => promoEdge.forget());
    await expect.poll(() => masked(page)).toEqual([]);
    await context.close();
  });

  it('hears in one tab what happens in another: events, consent, and that all is to be forgotten', async () => {
    const { page, context } = await openPage(stage.browser, stage.servers.page);
    const { page: other } = await openPage(context, stage.servers.page);
    const read = (tab: typeof page) =>
      tab.evaluate(async () => {
        const { id } = await promoEdge.decide('home', { timeout: 20_000 });
        return (await promoEdge.explain(id))?.events;
      });
    for (const tab of [page, other]) await tab.evaluate(() => promoEdge.ready());
    expect(await read(other)).toBe(0);
    await page.evaluate(() => promoEdge.track('view_item', { sku: 'p1' }));
    await expect.poll(() => read(other)).toBe(1);
    await page.evaluate(() => promoEdge.forget());
    await expect.poll(() => read(other)).toBe(0);
    const heard = other.evaluate(() => new Promise((resolve) => promoEdge.on('consent', resolve)));
    await page.evaluate(() => promoEdge.setConsent({ personalization: false }));
    expect(await heard).toMatchObject({ personalization: 'denied', measurement: 'pending' });
    await expect
      .poll(() =>
        other.evaluate(async () => (await promoEdge.decide('home')).reasons.map(({ code }) => code)),
      )
      .toEqual(['consent']);
    await context.close();
  });

  it('lists every request that it makes, those of its worker among them', async () => {
    const { page, context } = await openPage(stage.browser, stage.servers.page);
    const addresses = await page.evaluate(async () => {
      await promoEdge.ready();
      return (await promoEdge.requests()).map(({ url }) => new URL(url).pathname);
    });
    expect(addresses).toEqual(expect.arrayContaining(['/sdk/promo-edge.js', '/s/pk_test/manifest.json']));
    expect(addresses.filter((path) => path.startsWith('/b/')).length).toBeGreaterThan(0);
    await context.close();
  });
});
