import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import type { Fixture } from '../helpers/bundle-fixture.ts';
import { openPage } from '../helpers/open-page.ts';
import { sdkInBrowser } from '../helpers/sdk-in-browser.ts';
import type { SdkServers } from '../helpers/sdk-servers.ts';

declare const promoEdge: PromoEdge;

let servers: SdkServers;
let browser: Browser;
let fixture: Fixture;

beforeAll(async () => {
  const sdk = await sdkInBrowser();
  ({ servers, browser, fixture } = sdk);
  return sdk.close;
});

describe('the script tag', () => {
  it('decides by tier 0 on a cold visit', async () => {
    servers.pages.set('/', {
      html: `<!doctype html><html lang="en"><head>${servers.tag(fixture.key.publicKey)}</head><body>shop</body></html>`,
    });
    const { page, errors } = await openPage(browser, `${servers.page}/`);
    const ready = await page.evaluate(() => promoEdge.ready());
    expect(errors).toEqual([]);
    expect(ready).toMatchObject({ tier: 'kernels', release: 1 });
    const decision = await page.evaluate(() => promoEdge.decide('cart'));
    expect(decision).toMatchObject({ slot: 'cart', source: 'policy', tier: 'kernels', release: 1 });
    expect(Object.keys(decision.values).sort()).toEqual(['free-shipping', 'none', 'tea-20', 'ten-off']);
  });
});
