import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Consent, PromoEdge } from '../../sdk/api.ts';
import type { Fixture } from '../helpers/bundle-fixture.ts';
import { openPage, shopPage } from '../helpers/open-page.ts';
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

/** What stands on the page before the SDK, and the tag's attributes. */
type Setting = [
  name: string,
  before: string,
  attributes: string,
  personalization: Consent['personalization'],
];

const tcf = (purposes: number[], status = 'useractioncomplete'): string =>
  `<script>__tcfapi=(command,version,callback)=>setTimeout(callback,50,{eventStatus:'${status}',gdprApplies:true,listenerId:1,
    purpose:{consents:{${purposes.map((purpose) => `${purpose}:true`)}}}},true)</script>`;
const gtag = (kind: string, states: string): string =>
  `<script>dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments)};gtag('consent','${kind}',${states})</script>`;

const NOTHING_SENT: Setting[] = [
  ['nobody says anything', '', '', 'granted'],
  [
    'Global Privacy Control is on',
    '<script>Object.defineProperty(navigator,"globalPrivacyControl",{value:true});promoEdge=[p=>p.setConsent({measurement:true,reports:true})]</script>',
    '',
    'granted',
  ],
  [
    'the shop withdraws',
    '<script>promoEdge=[p=>{p.setConsent({measurement:true,reports:true});p.setConsent({measurement:false,reports:false})}]</script>',
    '',
    'granted',
  ],
  ['the consent tool is missing', '', 'data-consent-from="tcf"', 'pending'],
  [
    'the consent tool throws',
    '<script>__tcfapi=()=>{throw new Error("broken")}</script>',
    'data-consent-from="tcf"',
    'pending',
  ],
  [
    'the consent tool never answers',
    '<script>__tcfapi=()=>{}</script>',
    'data-consent-from="tcf"',
    'pending',
  ],
  ['its questions are still open', tcf([1, 5, 6, 8, 10], 'cmpuishown'), 'data-consent-from="tcf"', 'pending'],
  ['the shopper refused', tcf([]), 'data-consent-from="tcf"', 'denied'],
  ['the shopper wants a personal shop alone', tcf([1, 5, 6]), 'data-consent-from="tcf"', 'granted'],
  [
    'Google Consent Mode says denied',
    gtag('default', "{personalization_storage:'denied',analytics_storage:'denied'}"),
    'data-consent-from="googleConsentMode"',
    'denied',
  ],
  ['Google Consent Mode says nothing', '', 'data-consent-from="googleConsentMode"', 'pending'],
  ['no such tool is known', '', 'data-consent-from="another"', 'pending'],
];

const ALL_AGREED: Setting[] = [
  ['the framework', tcf([1, 5, 6, 8, 10]), 'data-consent-from="tcf"', 'granted'],
  [
    'Google Consent Mode',
    gtag('update', "{personalization_storage:'granted',analytics_storage:'granted'}"),
    'data-consent-from="googleConsentMode"',
    'granted',
  ],
];

/** Decides, buys, and waits until the report clock has turned often. Runs in the browser. */
const shop = async (listening: boolean): Promise<unknown> => {
  await promoEdge.ready();
  // The listener comes in a file of its own, and the consent tools of this test speak after 50 ms.
  while (listening && !('promo-edge-listen' in globalThis)) await new Promise((next) => setTimeout(next, 20));
  await new Promise((resolve) => setTimeout(resolve, 300));
  promoEdge.track('view_item', { items: [{ item_id: 'p4' }] });
  await promoEdge.decide('cart', { timeout: 10_000 });
  promoEdge.track('purchase', { value: 8.4, items: [{ item_id: 'p4', quantity: 2 }] });
  await new Promise((resolve) => setTimeout(resolve, 1200));
  return promoEdge.exportData();
};

async function afterVisit([name, before, attributes]: Setting): Promise<{
  posts: string[];
  data: Kept;
  page: Page;
  close(): Promise<void>;
}> {
  const path = `/${encodeURIComponent(name)}`;
  const tag = servers.tag(fixture.key.publicKey, `data-report-ms="100" data-outcome-ms="300" ${attributes}`);
  servers.pages.set(path, { html: shopPage(before + tag) });
  const from = servers.requests.length;
  const { page, context } = await openPage(browser, servers.page + path);
  const data = (await page.evaluate(shop, attributes !== '')) as Kept;
  const posts = servers.requests.slice(from).filter(({ method }) => method !== 'GET');
  return { posts: posts.map(({ url }) => url), data, page, close: () => context.close() };
}

interface Kept {
  consent: Consent;
  decisions: { consented: boolean; after: unknown[] }[];
}

/** Rows that the device has kept of what the shopper did. */
const rows = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    // To open what is not there yet would make an empty one.
    if (!(await indexedDB.databases()).some(({ name }) => name === 'promo-edge:pk_test')) return 0;
    const open = indexedDB.open('promo-edge:pk_test');
    await new Promise((resolve) => open.addEventListener('success', resolve));
    const counts = ['events', 'decisions'].map((name) => {
      const request = open.result.transaction(name).objectStore(name).count();
      return new Promise<number>((resolve) =>
        request.addEventListener('success', () => resolve(request.result)),
      );
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  });

describe('SAFETY 13: nothing is sent, and nothing waits to be, where', () => {
  it.each(NOTHING_SENT)('%s', async (...setting) => {
    const { posts, data, page, close } = await afterVisit(setting);
    expect(posts).toEqual([]);
    expect(data.consent.personalization).toBe(setting[3]);
    expect(data.consent.measurement).not.toBe('granted');
    for (const decision of data.decisions) expect(decision).toMatchObject({ consented: false, after: [] });
    // Consent comes before storage.
    if (setting[3] !== 'granted') expect(await rows(page)).toBe(0);
    await close();
  });
});

describe('consent is taken from', () => {
  it.each(ALL_AGREED)('%s: then trajectories go, and behaviour is kept', async (...setting) => {
    const { posts, data, page, close } = await afterVisit(setting);
    expect(data.consent).toEqual({ personalization: 'granted', measurement: 'granted', reports: 'granted' });
    expect(posts).toEqual(['/s/pk_test/trajectories']);
    expect(await rows(page)).toBeGreaterThan(1);
    await close();
  });
});
