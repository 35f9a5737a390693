import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import { bundleFixture, type Fixture } from '../helpers/bundle-fixture.ts';
import { launchChromium, launchProfile } from '../helpers/chromium.ts';
import { openPage, shopPage } from '../helpers/open-page.ts';
import { type SdkServers, startSdkServers } from '../helpers/sdk-servers.ts';
import { signingKey } from '../helpers/signing.ts';

declare const promoEdge: PromoEdge;

const key = signingKey();
let servers: SdkServers;
let browser: Browser;
let first: Fixture;
let second: Fixture;
let context: BrowserContext;

beforeAll(async () => {
  [servers, browser, first, second] = await Promise.all([
    startSdkServers(),
    launchChromium(),
    bundleFixture({ key, version: 1, seed: 1 }),
    bundleFixture({ key, version: 2, seed: 2 }),
  ]);
  const note =
    '<script>promoEdge=[];notes=[];promoEdge.push(p=>p.on("error",e=>notes.push(e.message)))</script>';
  servers.pages.set('/', { html: shopPage(note + servers.tag(key.publicKey)) });
});

beforeEach(async () => {
  servers.publish(first);
  context = await browser.newContext();
});

afterEach(() => context.close());

afterAll(async () => {
  await browser?.close();
  await servers?.close();
});

interface Visit {
  source: string;
  release: number | undefined;
  reason: string | undefined;
  /** What the SDK complained of. */
  notes: string[];
}

/** One page view: what it decides once everything that was on its way has arrived or failed. */
async function visit(target = context): Promise<Visit> {
  const { page, errors } = await openPage(target, servers.page);
  await page.evaluate(() => promoEdge.ready());
  await settled(page);
  const decision = await page.evaluate(() => promoEdge.decide('cart', { timeout: 10_000 }));
  const notes = await page.evaluate(() => (globalThis as unknown as { notes: string[] }).notes);
  expect(errors).toEqual([]);
  await page.close();
  return { source: decision.source, release: decision.release, reason: decision.reasons[0]?.code, notes };
}

/** The manifest is checked behind the last known good release: until that is over, there is no network. */
const settled = (page: Page): Promise<void> => page.waitForLoadState('networkidle');

const flipped = (bytes: Uint8Array): Uint8Array => {
  const copy = bytes.slice();
  copy[copy.length >> 1]! ^= 1;
  return copy;
};

describe('a release on the device', () => {
  it('is swapped for the next one', async () => {
    expect(await visit()).toMatchObject({ source: 'policy', release: 1 });
    servers.publish(second);
    // The last known good decides at once; the new one may be there already.
    await visit();
    expect(await visit()).toMatchObject({ source: 'policy', release: 2, notes: [] });
  });

  it('stays when one byte of any file of the next one is flipped', async () => {
    expect(await visit()).toMatchObject({ release: 1 });
    for (const { sha256, path } of second.signed.signed.files) {
      servers.publish(second);
      servers.files.set(sha256, flipped(second.files.get(sha256)!));
      const after = await visit();
      expect({ path, ...after }).toMatchObject({ path, source: 'policy', release: 1 });
      expect(after.notes.join()).toContain('SHA-256');
    }
  });

  it('stays when one byte of the next manifest is flipped', async () => {
    expect(await visit()).toMatchObject({ release: 1 });
    servers.publish(second);
    servers.manifest = servers.manifest!.replace('"version":2', '"version":3');
    const after = await visit();
    expect(after).toMatchObject({ source: 'policy', release: 1 });
    expect(after.notes.join()).toContain('valid signatures');
  });

  it('is refused on a first visit when a byte is flipped, and the default is shown', async () => {
    const { sha256 } = first.signed.signed.files[1]!;
    servers.files.set(sha256, flipped(first.files.get(sha256)!));
    expect(await visit()).toMatchObject({ source: 'default', reason: 'no-release' });
  });

  it('is refused when another key signed it', async () => {
    servers.publish(await bundleFixture({ version: 9 }));
    expect(await visit()).toMatchObject({ source: 'default', reason: 'no-release' });
  });

  it('is refused for another feature version', async () => {
    servers.publish(await bundleFixture({ key, version: 3, manifest: { featureVersion: 999 } }));
    const after = await visit();
    expect(after).toMatchObject({ source: 'default', reason: 'no-release' });
    expect(after.notes.join()).toContain('feature version');
  });

  it('is refused once expired', async () => {
    servers.publish(await bundleFixture({ key, version: 3, manifest: { expires: Date.now() - 1 } }));
    expect(await visit()).toMatchObject({ source: 'default', reason: 'no-release' });
  });

  it('is switched off by a manifest of mode off', async () => {
    expect(await visit()).toMatchObject({ release: 1 });
    servers.publish(await bundleFixture({ key, version: 5, manifest: { mode: 'off' } }));
    await visit();
    expect(await visit()).toMatchObject({ source: 'default', reason: 'mode-off' });
  });

  it('is never replaced by a lower version, a restart of the browser included', async () => {
    const profile = await mkdtemp(join(tmpdir(), 'promo-edge-'));
    try {
      servers.publish(second);
      const before = await launchProfile(profile);
      expect(await visit(before)).toMatchObject({ release: 2 });
      await before.close();
      servers.publish(first);
      const after = await launchProfile(profile);
      const seen = await visit(after);
      await after.close();
      expect(seen).toMatchObject({ source: 'policy', release: 2 });
      expect(seen.notes.join()).toContain('expected version 2 or later');
    } finally {
      await rm(profile, { recursive: true, force: true });
    }
  });

  it('decides without any network once it is kept', async () => {
    expect(await visit()).toMatchObject({ release: 1 });
    servers.manifest = undefined;
    servers.files.clear();
    expect(await visit()).toMatchObject({ source: 'policy', release: 1 });
  });
});
