import type { Browser, BrowserContext } from 'playwright-core';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import type { Ledger } from '../../shared/privacy/ledger.ts';
import { REPORT_BYTES, reportSchema } from '../../shared/privacy/report.ts';
import { bundleFixture } from '../helpers/bundle-fixture.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { openPage, shopPage } from '../helpers/open-page.ts';
import { type Recorded, type SdkServers, startSdkServers } from '../helpers/sdk-servers.ts';

declare const promoEdge: PromoEdge;

const DAY = 86_400_000;

let servers: SdkServers;
let browser: Browser;
/** How far the device's clock is ahead, ms. */
let ahead = 0;

beforeAll(async () => {
  const inAMonth = Date.now() + 60 * DAY;
  // A canary that every device is in, up to one in ten thousand.
  const [fixture] = await Promise.all([
    bundleFixture({ manifest: { canaryShare: 0.9999, expires: inAMonth } }),
    startSdkServers().then((started) => (servers = started)),
    launchChromium().then((launched) => (browser = launched)),
  ]);
  servers.publish(fixture);
  servers.alter = (file, code) =>
    file === 'promo-edge.js' ? code : `{ const now = Date.now; Date.now = () => now() + ${ahead}; }\n${code}`;
  const tag = servers.tag(fixture.key.publicKey, 'data-report-ms="400" data-outcome-ms="100"');
  servers.pages.set('/', { html: shopPage(tag) });
});

afterAll(async () => {
  await browser?.close();
  await servers?.close();
});

const posts = (): Recorded[] => servers.requests.filter(({ method }) => method === 'POST');

/** A buyer's visit, or that of someone who looks at nothing. Runs in the browser. */
const buyer = async (): Promise<void> => {
  promoEdge.setConsent({ reports: true });
  await promoEdge.ready();
  promoEdge.track('view_item', { items: [{ item_id: 'p4', price: 4.2 }] });
  await promoEdge.decide('cart', { timeout: 10_000 });
  promoEdge.track('purchase', { value: 8.4, items: [{ item_id: 'p4', price: 4.2, quantity: 2 }] });
};
const bouncer = async (): Promise<void> => {
  promoEdge.setConsent({ reports: true });
  await promoEdge.ready();
};

/** Until the report clock has turned with the helper there: the ledger is open then. Runs in the browser. */
const turned = async (): Promise<unknown> => {
  const until = Date.now() + 10_000;
  for (;;) {
    const data = (await promoEdge.exportData()) as { privacy?: Ledger };
    await new Promise((next) => setTimeout(next, 1000));
    if (data.privacy?.since !== undefined || Date.now() > until) return promoEdge.exportData();
  }
};

async function visit(
  context: BrowserContext,
  day: number,
  work: () => Promise<void> = buyer,
): Promise<{ sent: Recorded[]; privacy: Ledger | undefined }> {
  ahead = day * DAY;
  const from = posts().length;
  const { page, errors } = await openPage(context, servers.page);
  await page.evaluate(work);
  const data = (await page.evaluate(turned)) as { privacy?: Ledger };
  await page.close();
  expect(errors).toEqual([]);
  return { sent: posts().slice(from), privacy: data.privacy };
}

describe('a private report', () => {
  it('goes a week after consent and then once a week, of one size, with nothing else', async () => {
    const context = await browser.newContext();
    expect((await visit(context, 0)).sent).toEqual([]);
    expect((await visit(context, 6)).sent).toEqual([]);
    const first = await visit(context, 8);
    expect(first.sent).toHaveLength(1);
    const [{ url, body, headers }] = first.sent as [Recorded];
    expect(url).toBe('/s/pk_test/reports');
    expect(body).toHaveLength(REPORT_BYTES);
    expect(Object.keys(v.parse(v.strictObject(reportSchema.entries), JSON.parse(body)))).toHaveLength(4);
    expect(JSON.parse(body)).toMatchObject({ release: 1, arm: 'canary' });
    for (const name of ['cookie', 'referer', 'authorization']) expect(headers).not.toHaveProperty(name);
    expect((await visit(context, 9)).sent).toEqual([]);
    expect((await visit(context, 3)).sent).toEqual([]);
    const second = await visit(context, 15.5);
    expect(second.sent).toHaveLength(1);
    // The shopper can see it all.
    expect(second.privacy!.spent.map(({ release, epsilon }) => [release, epsilon])).toEqual([
      [1, 1],
      [1, 1],
    ]);
    await context.close();
  });

  it('outlives forget() in the ledger alone: a page cannot make the device report anew', async () => {
    const context = await browser.newContext();
    await visit(context, 0);
    expect((await visit(context, 8)).sent).toHaveLength(1);
    const { sent, privacy } = await visit(context, 9, async () => {
      await promoEdge.forget();
      promoEdge.setConsent({ reports: true });
    });
    expect(sent).toEqual([]);
    expect(privacy!.spent).toHaveLength(1);
    await context.close();
  });

  it('goes from a device that did nothing too, at the same clock, with the same bytes but for the bit', async () => {
    const traffic = async (work: () => Promise<void>): Promise<string[]> => {
      const context = await browser.newContext();
      await visit(context, 0, work);
      const from = servers.requests.length;
      await visit(context, 8, work);
      await context.close();
      return servers.requests
        .slice(from)
        .map((request) => JSON.stringify(request).replace(/(bit\\":)[01]/, '$1?'))
        .toSorted();
    };
    const bought = await traffic(buyer);
    expect(bought.filter((line) => line.includes('/reports'))).toHaveLength(1);
    expect(await traffic(bouncer)).toEqual(bought);
  });

  it('does not go without consent, nor after it was withdrawn, nor against Global Privacy Control', async () => {
    const without = async (): Promise<void> => {
      await promoEdge.ready();
      await promoEdge.decide('cart', { timeout: 10_000 });
    };
    const withdrawn = async (): Promise<void> => {
      promoEdge.setConsent({ reports: true });
      await promoEdge.ready();
      promoEdge.setConsent({ reports: false });
    };
    for (const work of [without, withdrawn]) {
      const context = await browser.newContext();
      await visit(context, 0, bouncer);
      expect((await visit(context, 8, work)).sent).toEqual([]);
      await context.close();
    }
    const guarded = await browser.newContext();
    await guarded.addInitScript(() =>
      Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }),
    );
    await visit(guarded, 0);
    expect((await visit(guarded, 8)).sent).toEqual([]);
    await guarded.close();
  });
});
