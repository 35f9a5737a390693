/**
 * Fetches what the worker will need while that is still starting: two round trips less before the first decision.
 * Nothing is believed here: the worker verifies the manifest, and each file against it, before it uses either.
 * What a device has kept is left to the worker: read here, beside its start, it made a warm one slower on two cores
 * (110 ms for 103).
 */

import { atMost } from '../at-most.ts';
import { REQUEST } from '../start-worker.ts';

/** Files on their way here; undefined for one that could not be had. */
export type Coming = (readonly [sha256: string, Promise<Uint8Array | undefined>])[];

export interface Prefetched {
  manifest: string;
  /** None where this device has been here before and keeps its releases. */
  files: Coming;
}

/** Bounds on what nobody has verified yet: bytes of a manifest and of a file, files, milliseconds. */
const MANIFEST_BYTES = 256 << 10;
const FILE_BYTES = 1 << 20;
const FILES = 4;
const PATIENCE_MS = 10_000;
/** Milliseconds for the browser to say which databases there are. */
const STORE_MS = 500;

/** An ETag would be a cookie: no-store keeps the browser from sending one. @throws where there is none to be had */
export const fetchManifest = (endpoint: string, siteKey: string): Promise<Uint8Array> =>
  bytesOf(`${endpoint}/s/${siteKey}/manifest.json`, MANIFEST_BYTES, { cache: 'no-store' });

/** @param visited its first group too, but where the device keeps releases */
export async function prefetch(
  endpoint: string,
  fetching: Promise<Uint8Array>,
  visited: Promise<boolean | undefined>,
): Promise<Prefetched> {
  const manifest = new TextDecoder().decode(await fetching);
  const fetched = (sha256: string) => bytesOf(`${endpoint}/b/${sha256}`, FILE_BYTES);
  return { manifest, files: (await visited) ? [] : firstGroup(manifest, fetched) };
}

/**
 * Whether there is a database of ours; undefined where the browser does not say. Asking also makes it open its files,
 * before the worker needs them.
 */
export async function beenHere(siteKey: string): Promise<boolean | undefined> {
  const late = new Promise<undefined>((done) => setTimeout(done, STORE_MS));
  const databases = await Promise.race([indexedDB.databases(), late]);
  return databases?.some(({ name }) => name === `promo-edge:${siteKey}`);
}

export const nothing = (): undefined => undefined;

function firstGroup(manifest: string, get: (sha256: string) => Promise<Uint8Array>): Coming {
  const { signed } = JSON.parse(manifest) as { signed: Signed };
  // While a canary is out, most devices run the release beside it.
  const files = (signed.stable ?? signed).files
    .filter(({ group, sha256 }) => group === 'first' && /^\w{64}$/.test(sha256))
    .slice(0, FILES);
  return files.map(({ sha256 }) => [sha256, get(sha256).catch(nothing)] as const);
}

interface Signed {
  files: { group: string; sha256: string }[];
  stable?: Signed;
}

async function bytesOf(url: string, most: number, init?: RequestInit): Promise<Uint8Array> {
  const { ok, body } = await fetch(url, { ...REQUEST, ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!ok) throw url;
  return atMost(most, body!, url);
}
