import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Explanation, PromoEdge } from '../../sdk/api.ts';
import { bundleFixture } from '../helpers/bundle-fixture.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { type SdkServers, startSdkServers } from '../helpers/sdk-servers.ts';

declare const promoEdge: PromoEdge;

let servers: SdkServers;
let browser: Browser;

beforeAll(async () => {
  [servers, browser] = await Promise.all([startSdkServers(), launchChromium()]);
  const fixture = await bundleFixture();
  servers.publish(fixture);
  servers.pages.set('/', {
    html: `<!doctype html><html lang="en"><head>${servers.tag(fixture.key.publicKey)}</head><body>shop</body></html>`,
  });
});

afterAll(async () => {
  await browser?.close();
  await servers?.close();
});

describe('an explanation on the device', () => {
  it('says what each group of facts added to the lead, once the whole release is here', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(servers.page);
    await page.waitForFunction(() => typeof promoEdge?.ready === 'function');
    const id = await page.evaluate(async () => {
      await promoEdge.ready();
      promoEdge.track('search', { query: 'tea' });
      promoEdge.track('view_item', { sku: 'sku-1' });
      return (await promoEdge.decide('cart', { timeout: 10_000 })).id;
    });
    let explained: Explanation | undefined;
    const ask = async (): Promise<unknown> => {
      explained = await page.evaluate((id) => promoEdge.explain(id), id);
      return explained?.why;
    };
    await expect.poll(ask, { timeout: 20_000, interval: 250 }).toBeDefined();
    const { action, values, why } = explained as Required<Explanation>;
    expect(why.promotion).toBe(action);
    expect(why.contributions.map(({ fact }) => fact)).toEqual(['visit', 'searches']);
    // The bundle has no price of budget, so leads are differences of values; two engines computed them.
    expect(why.lead).toBeCloseTo(values[action]! - values[why.against]!, 4);
    const sum = why.contributions.reduce((total, { value }) => total + value, 0);
    expect(sum).toBeCloseTo(why.lead - why.leadUnknown, 6);
    await page.close();
  });
});
