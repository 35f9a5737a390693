import type { ServerResponse } from 'node:http';
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../../shared/random.ts';
import { bundleFixture, type Fixture } from '../helpers/bundle-fixture.ts';
import { openPage } from '../helpers/open-page.ts';
import { openReleaseShop, type ReleaseShop } from '../helpers/release-shop.ts';
import { asVersion } from '../helpers/release-visit.ts';

const CRASHES = 100;

let shop: ReleaseShop;
let device: BrowserContext;
/** Two releases without a file in common. */
let fixtures: [Fixture, Fixture];

beforeAll(async () => {
  shop = await openReleaseShop();
  fixtures = [
    await bundleFixture({ key: shop.key, seed: 1 }),
    await bundleFixture({ key: shop.key, seed: 2 }),
  ];
  shop.servers.pages.set('/empty', { html: '<!doctype html><title>empty</title>' });
  device = await shop.browser.newContext();
});

afterAll(() => shop?.close());

interface Found {
  version: number;
  /** SHA-256 of the bytes that are there, sorted. */
  present: string[];
  /** SHA-256 that the kept manifest names, sorted. */
  named: string[];
}

/** What lies in IndexedDB, read without the SDK and hashed anew. */
async function found(): Promise<Found> {
  const page = await device.newPage();
  await page.goto(`${shop.servers.page}/empty`);
  const state = await page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    // To open what is not there yet would make an empty one.
    const made = (await indexedDB.databases()).some(({ name }) => name === 'promo-edge:pk_test');
    if (!made) return { version: 0, present: [], named: [] };
    const database = await answer(indexedDB.open('promo-edge:pk_test'));
    const transaction = database.transaction(['kept', 'files']);
    const text = await answer(transaction.objectStore('kept').get('manifest'));
    const files: Uint8Array[] = await answer(transaction.objectStore('files').getAll());
    database.close();
    const hashes = files.map(async (bytes) =>
      [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource))]
        .map((byte) => byte.toString(16).padStart(2, '0'))
        .join(''),
    );
    if (text === undefined) return { version: 0, present: [], named: [] };
    const { signed } = JSON.parse(text);
    return {
      version: signed.version as number,
      present: (await Promise.all(hashes)).sort(),
      named: signed.files.map(({ sha256 }: { sha256: string }) => sha256).sort(),
    };
  });
  await page.close();
  return state;
}

/** Where a page dies: at a request for the manifest or for the nth file, or so many ms after the last file was sent. */
type Step = { at: 'manifest' } | { at: 'file'; n: number } | { at: 'commit'; ms: number };

/** Opens a page that swaps to `next`, and kills its process at that step. */
async function crash(next: Fixture, step: Step): Promise<void> {
  const { servers } = shop;
  const page = await device.newPage();
  const cdp = await device.newCDPSession(page);
  const died = new Promise((resolve) => page.once('crash', resolve));
  const kill = (): void => void cdp.send('Page.crash').catch(() => undefined);
  servers.answers.clear();
  servers.files.clear();
  servers.publish(next);
  const files = next.signed.signed.files;
  let asked = 0;
  for (const { sha256 } of files) {
    servers.answers.set(`/b/${sha256}`, (response) => {
      asked++;
      if (step.at === 'file' && asked === step.n) return kill();
      send(response, next.files.get(sha256)!);
      if (step.at === 'commit' && asked === files.length) setTimeout(kill, step.ms);
    });
  }
  if (step.at === 'manifest') servers.answers.set('/s/pk_test/manifest.json', kill);
  await page.goto(servers.page).catch(() => undefined);
  const late = new Promise((_, reject) =>
    setTimeout(() => reject(new Error(`no crash at ${JSON.stringify(step)}`)), 60_000),
  );
  await Promise.race([died, late]);
  await page.close();
}

function send(response: ServerResponse, bytes: Uint8Array): void {
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' });
  response.end(bytes);
}

describe('safety 7: a crash in the middle of a swap', () => {
  it(`leaves the old release or the new one, never a mixture: ${CRASHES} crashes at every step`, async () => {
    const { servers, visit } = shop;
    const random = seeded('crashes');
    servers.publish(fixtures[0]);
    // Nothing in the browser's cache: each file of each swap is a step.
    for (const [sha256, bytes] of fixtures[0].files)
      servers.answers.set(`/b/${sha256}`, (response) => send(response, bytes));
    const { page } = await openPage(device, servers.page);
    // A first visit begins with the first group; a device that has a release swaps whole.
    const whole = fixtures[0].files.size;
    await expect.poll(async () => (await found()).present.length, { timeout: 60_000 }).toBe(whole);
    await page.close();
    let before = await found();
    const seen = { old: 0, new: 0 };
    for (let i = 0; i < CRASHES; i++) {
      // The other one of the two, so that every file must come over the network.
      const other = fixtures.find(({ files: held }) => !held.has(before.named[0]!))!;
      const next = await asVersion(other, i + 2);
      const files = next.signed.signed.files.length;
      const steps: Step[] = [
        { at: 'manifest' },
        { at: 'file', n: 1 + random.int(files) },
        // The commit itself: three in five of the crashes, spread over the time that it takes.
        ...Array.from({ length: 3 }, (): Step => ({ at: 'commit', ms: random.int(60) })),
      ];
      await crash(next, steps[i % steps.length]!);
      const after = await found();
      expect({ i, ...after }).toMatchObject({ i, present: after.named });
      if (after.version === before.version) seen.old++;
      else {
        expect(after.version).toBe(i + 2);
        seen.new++;
      }
      before = after;
    }
    // Both ends of the swap were hit, or the crashes came all too early or too late to prove anything.
    expect(seen.old).toBeGreaterThan(CRASHES / 10);
    expect(seen.new).toBeGreaterThan(CRASHES / 20);
    servers.answers.clear();
    servers.manifest = undefined;
    servers.files.clear();
    expect(await visit(device)).toMatchObject({ source: 'policy', release: before.version });
  }, 900_000);
});
