import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import { buildSdk } from '../../sdk/build.ts';
import type { BehaviourEvent } from '../../shared/event.ts';
import type { Trajectory } from '../../shared/feedback.ts';
import { SESSION_ENCODER } from '../../shared/models/session-encoder.ts';
import { scriptTag } from '../../trainer-server/release/script-tag.ts';
import { integrityOf, pinnedName, withEarlierBuilds } from '../../trainer-server/release/sdk-builds.ts';
import { readSdkFiles } from '../../trainer-server/routes/sdk-files.ts';
import type { Store } from '../../trainer-server/store/store.ts';
import type { Fixture } from '../helpers/bundle-fixture.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { storeWithFixture } from '../helpers/device.ts';
import { temporaryFolder } from '../helpers/import-here.ts';
import { shopPage } from '../helpers/open-page.ts';
import { type Served, serveStore } from '../helpers/served.ts';

declare const promoEdge: PromoEdge;

interface Kept {
  id: string;
  consented: boolean;
  request: { history: BehaviourEvent[] };
}

let browser: Browser;
let store: Store;
let fixture: Fixture;
let trainer: Served;
let shop: Server;
/** The build before the one that the server has now. */
let pinned: { name: string; bytes: Buffer }[];

beforeAll(async () => {
  const [sdk, kept] = [join(temporaryFolder(), 'sdk'), temporaryFolder()];
  await buildSdk(sdk);
  withEarlierBuilds(readSdkFiles(sdk), kept);
  pinned = ['promo-edge.js', 'promo-edge-worker.js', 'promo-edge-helper.js'].map((name) => ({
    name,
    bytes: readFileSync(join(sdk, name)),
  }));
  updateSdk(sdk);
  ({ store, fixture } = await storeWithFixture());
  trainer = await serveStore(store, withEarlierBuilds(readSdkFiles(sdk), kept));
  const keys = [fixture.key.publicKey];
  const before = scriptTag({
    endpoint: trainer.url,
    site: 'demo',
    keys,
    threshold: 1,
    loader: pinned[0]!.bytes,
  });
  const tag = `<script async src="${trainer.url}/sdk/promo-edge.js" data-site-key="demo" data-key="${fixture.key.publicKey}" data-report-ms="100" data-outcome-ms="1500"></script>`;
  const slot = '<promo-slot name="home" min-height="64"></promo-slot>';
  shop = createServer(({ url }, response) =>
    response
      .writeHead(200, { 'Content-Type': 'text/html' })
      .end(url === '/pinned' ? shopPage(before) : shopPage(tag, slot)),
  );
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await trainer?.stop();
  shop?.closeAllConnections();
  shop?.close();
});

/** Makes the next version of a built SDK: every file is another one, and carries the hash of the one it starts. */
function updateSdk(dir: string): void {
  const hashes: [before: string, after: string][] = [];
  for (const name of ['promo-edge-helper.js', 'promo-edge-worker.js', 'promo-edge.js']) {
    const code = readFileSync(join(dir, name), 'utf8');
    const next = hashes.reduce((text, [before, after]) => text.replace(before, after), `${code}\n;`);
    hashes.push([integrityOf(Buffer.from(code)), integrityOf(Buffer.from(next))]);
    writeFileSync(join(dir, name), next);
  }
}

const origin = (): string => `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;

describe('a page whose tag pins the SDK by its hash', () => {
  it('goes on with what it has pinned after an update of the server, its worker and helper too', async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.context().on('request', (request) => asked.push(request.url().slice(`${trainer.url}/sdk/`.length)));
    await page.goto(`${origin()}/pinned`);
    await page.waitForFunction(() => 'promoEdge' in globalThis && !Array.isArray(promoEdge));
    const decision = await page.evaluate(() => promoEdge.decide('home', { timeout: 20_000 }));
    expect(decision.source).toBe('policy');
    await expect.poll(() => page.workers().length, { timeout: 20_000 }).toBe(2);
    expect(asked).toEqual(expect.arrayContaining(pinned.map(({ name, bytes }) => pinnedName(name, bytes))));
    await page.close();
  });
});

describe('feedback from a real browser to the real server', () => {
  it('sends nothing without consent; with it, decisions that the replay confirms', async () => {
    const page = await browser.newPage();
    await page.goto(origin());
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
    // The helper makes a vector of what the page shows of it: a later decision has it.
    await expect
      .poll(
        () =>
          page.evaluate(async () => {
            promoEdge.track('view_item', {
              items: [{ item_id: 'new', item_category: 'Kitchen', item_category2: 'Tea', price: 12 }],
            });
            const { id } = await promoEdge.decide('cart');
            const { decisions } = (await promoEdge.exportData()) as { decisions: Kept[] };
            return decisions.find((kept) => kept.id === id)!.request.history.at(-1)!.items![0]!.vector?.int8
              .length;
          }),
        { timeout: 20_000 },
      )
      .toBe(SESSION_ENCODER.productWidth);
    const decided = await page.evaluate(
      async () =>
        ((await promoEdge.exportData()) as { decisions: Kept[] }).decisions.filter((kept) => kept.consented)
          .length,
    );
    await expect.poll(() => store.trajectories.count('demo'), { timeout: 20_000 }).toBe(decided);
    const lines = [...store.trajectories.lines('demo')].map((line) => JSON.parse(line.body) as Trajectory);
    expect(new Set(lines.map((line) => line.visitor)).size).toBe(1);
    expect(lines.map((line) => line.tier)).toEqual(lines.map(() => 'kernels'));
    expect(lines.flatMap((line) => line.after.map((event) => event.name))).toContain('purchase');
    expect(trainer.log).toEqual([]);
  });
});
