/** What the worker that decides holds after many decisions: memory that grows would end in a crashed tab. */

import type { Page } from 'playwright-core';
import type { PromoEdge } from '../../sdk/api.ts';
import { bundleFixture } from '../helpers/bundle-fixture.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { shopPage } from '../helpers/open-page.ts';
import { startSdkServers } from '../helpers/sdk-servers.ts';
import type { Figures } from './bench.ts';

declare const promoEdge: PromoEdge;

/** Only an isolated page may ask what its workers hold. */
const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

interface Memory {
  breakdown: { bytes: number; attribution: { scope: string }[] }[];
}

/**
 * JavaScript heaps of the page's workers, the helper's included, in MB, after the first tenth and after all. What still
 * grows then is the browser's own compiled code: heap snapshots differ in nothing else.
 */
export async function workerMemory(decisions: number): Promise<Figures> {
  const [servers, browser, fixture] = await Promise.all([
    startSdkServers(),
    launchChromium(['--enable-blink-features=ForceEagerMeasureMemory']),
    bundleFixture(),
  ]);
  try {
    servers.publish(fixture);
    servers.pages.set('/', { html: shopPage(servers.tag(fixture.key.publicKey)), headers: ISOLATED });
    const page = await browser.newPage();
    await page.goto(servers.page);
    await page.evaluate(() => promoEdge.ready());
    const decide = (count: number): Promise<void> =>
      page.evaluate(async (count) => {
        for (let i = 0; i < count; i++) {
          promoEdge.track('view_item', { items: [{ item_id: `p${i % 400}`, price: 3 }] });
          await promoEdge.decide('cart', { timeout: 60_000 });
        }
      }, count);
    // What the helper holds from its start on is no growth.
    await page.evaluate(async () => {
      while ((await promoEdge.recommend('home', { k: 1 })).items[0]?.title === undefined)
        await new Promise((later) => setTimeout(later, 100));
    });
    await decide(decisions / 10);
    const early = await held(page);
    await decide(decisions - decisions / 10);
    const late = await held(page);
    return { worker_mb: rounded(late), worker_growth_mb: rounded(late - early), worker_decisions: decisions };
  } finally {
    await browser.close();
    await servers.close();
  }
}

/** What the browser attributes to workers, once what was decided last has been written down. */
async function held(page: Page): Promise<number> {
  const now = (): Promise<number> =>
    page.evaluate(async () => {
      const measure = performance as unknown as { measureUserAgentSpecificMemory(): Promise<Memory> };
      const { breakdown } = await measure.measureUserAgentSpecificMemory();
      const ofWorkers = breakdown.filter(({ attribution }) =>
        attribution.some(({ scope }) => scope === 'DedicatedWorkerGlobalScope'),
      );
      return ofWorkers.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
    });
  let least = await now();
  for (let looks = 0; looks < LOOKS; looks++) {
    await page.waitForTimeout(LOOK_MS);
    least = Math.min(least, await now());
  }
  return least;
}

/** Each collects garbage first; a page that has just decided 5,000 times has a second's writing before it. */
const LOOKS = 6;
const LOOK_MS = 500;

const rounded = (mb: number): number => Math.round(100 * mb) / 100;
