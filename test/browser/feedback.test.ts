import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import { buildSdk } from '../../sdk/build.ts';
import type { Trajectory } from '../../shared/feedback.ts';
import { readSdkFiles } from '../../trainer-server/routes/sdk-files.ts';
import type { Store } from '../../trainer-server/store/store.ts';
import type { Fixture } from '../helpers/bundle-fixture.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { storeWithFixture } from '../helpers/device.ts';
import { temporaryFolder } from '../helpers/import-here.ts';
import { type Served, serveStore } from '../helpers/served.ts';

declare const promoEdge: PromoEdge;

let browser: Browser;
let store: Store;
let fixture: Fixture;
let trainer: Served;
let shop: Server;

beforeAll(async () => {
  const sdk = join(temporaryFolder(), 'sdk');
  await buildSdk(sdk);
  ({ store, fixture } = await storeWithFixture());
  trainer = await serveStore(store, readSdkFiles(sdk));
  const tag = `<script async src="${trainer.url}/sdk/promo-edge.js" data-site-key="demo" data-key="${fixture.key.publicKey}" data-report-ms="100" data-outcome-ms="1500"></script>`;
  const html = `<!doctype html><html lang="en"><head><link rel="icon" href="data:,">${tag}</head>
    <body><promo-slot name="home" min-height="64"></promo-slot></body></html>`;
  shop = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end(html));
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await trainer?.stop();
  shop?.closeAllConnections();
  shop?.close();
});

describe('feedback from a real browser to the real server', () => {
  it('sends nothing without consent; with it, decisions that the replay confirms', async () => {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'promoEdge' in globalThis && !Array.isArray(promoEdge));
    await page.evaluate(async () => {
      await promoEdge.ready();
      promoEdge.track('view_item', { items: [{ item_id: 'p3' }] });
      await promoEdge.decide('home');
    });
    await page.waitForTimeout(2_500);
    expect(store.trajectories.count('demo')).toBe(0);

    await page.evaluate(async () => {
      promoEdge.setConsent({ personalization: 'granted', measurement: 'granted' });
      for (let i = 0; i < 6; i++) {
        promoEdge.track('view_item', { items: [{ item_id: `p${i}` }] });
        await promoEdge.decide('cart', { cart: [{ sku: `p${i}`, quantity: 2, price: 2.48 }] });
      }
      promoEdge.track('purchase', { value: 4.96, items: [{ item_id: 'p4', quantity: 2, price: 2.48 }] });
    });
    await expect.poll(() => store.trajectories.count('demo'), { timeout: 20_000 }).toBeGreaterThanOrEqual(6);
    const lines = [...store.trajectories.lines('demo')].map((line) => JSON.parse(line.body) as Trajectory);
    expect(new Set(lines.map((line) => line.visitor)).size).toBe(1);
    expect(lines.map((line) => line.tier)).toEqual(lines.map(() => 'kernels'));
    expect(lines.flatMap((line) => line.after.map((event) => event.name))).toContain('purchase');
    expect(trainer.log).toEqual([]);
  });
});
