/** A shopper's page views, for what becomes of releases on a device. */

import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import type { FileRole } from '../../shared/manifest.ts';
import type { Fixture } from './bundle-fixture.ts';
import { openPage, shopPage } from './open-page.ts';
import { signManifest } from './signing.ts';

declare const promoEdge: PromoEdge;
declare const notes: string[];

export interface Visit {
  source: string;
  release: number | undefined;
  reason: string | undefined;
  tier: string | undefined;
  /** What the SDK complained of. */
  notes: string[];
}

/** A page whose SDK's complaints are kept in `notes`. */
export const notingPage = (tag: string): string =>
  shopPage(
    `<script>promoEdge=[];notes=[];promoEdge.push(p=>p.on("error",e=>notes.push(e.message)))</script>${tag}`,
  );

/** One page view: what it decides once everything that was on its way has arrived or failed. */
export async function visitOf(context: BrowserContext, url: string): Promise<Visit> {
  const { page, errors } = await openPage(context, url);
  await page.evaluate(() => promoEdge.ready());
  // The manifest is checked behind the last known good release: until that is over, there is no network.
  await page.waitForLoadState('networkidle');
  const decision = await decisionOn(page);
  expect(errors).toEqual([]);
  await page.close();
  return decision;
}

export async function decisionOn(page: Page): Promise<Visit> {
  const decision = await page.evaluate(() => promoEdge.decide('cart', { timeout: 10_000 }));
  const { source, release, tier, reasons } = decision;
  return { source, release, tier, reason: reasons[0]?.code, notes: await page.evaluate(() => notes) };
}

/** With one bit of it changed. */
export function flipped(bytes: Uint8Array, at = (bytes.length >> 1) * 8): Uint8Array {
  // A Buffer's slice would be the same bytes.
  const copy = Uint8Array.from(bytes);
  copy[at >> 3]! ^= 1 << (at & 7);
  return copy;
}

/** The fixture with other bytes for a role, rightly signed: what a stolen release key could publish. */
export async function withFile(fixture: Fixture, role: FileRole, bytes: Uint8Array): Promise<Fixture> {
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', bytes as BufferSource)).toString('hex');
  const { signed } = fixture.signed;
  const files = signed.files.map((file) =>
    file.role === role ? { ...file, sha256: hash, bytes: bytes.length } : file,
  );
  return {
    ...fixture,
    signed: await signManifest({ ...signed, files }, [fixture.key]),
    files: new Map([...fixture.files, [hash, bytes]]),
  };
}

/** The fixture under another version. */
export async function asVersion(fixture: Fixture, version: number): Promise<Fixture> {
  return { ...fixture, signed: await signManifest({ ...fixture.signed.signed, version }, [fixture.key]) };
}
