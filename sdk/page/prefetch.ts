/**
 * Fetches what the worker will need while that is still starting: two round trips less before the first decision.
 * Nothing is believed here: the worker verifies the manifest, and each file against it, before it uses either.
 */

import { REQUEST } from '../start-file.ts';

export interface Prefetch {
  /** Undefined where there is none to be had: the worker asks again by its clock. */
  manifest?: string;
  /** By SHA-256; none where this device has been here before and keeps its releases. */
  files: Record<string, Promise<Uint8Array | undefined>>;
}

/** Bounds on what nobody has verified yet: bytes of a manifest and of a file, files, milliseconds. */
const MANIFEST_BYTES = 256 << 10;
const FILE_BYTES = 1 << 20;
const FILES = 4;
const PATIENCE_MS = 10_000;
/** Milliseconds for the browser to say which databases there are. */
const STORE_MS = 500;

/** @param visited nothing but the manifest is fetched where the device keeps releases */
export async function prefetch(
  endpoint: string,
  siteKey: string,
  visited: Promise<boolean | undefined>,
): Promise<Prefetch> {
  try {
    // An ETag would be a cookie: no-store keeps the browser from sending one.
    const url = `${endpoint}/s/${siteKey}/manifest.json`;
    const manifest = new TextDecoder().decode(await bytesOf(url, MANIFEST_BYTES, { cache: 'no-store' }));
    return { manifest, files: (await visited) ? {} : firstFiles(endpoint, manifest) };
  } catch {
    return { files: {} };
  }
}

function firstFiles(endpoint: string, manifest: string): Prefetch['files'] {
  const { signed } = JSON.parse(manifest) as { signed: Signed };
  // While a canary is out, most devices run the release beside it.
  const first = (signed.stable ?? signed).files
    .filter(({ group, sha256 }) => group === 'first' && /^\w{64}$/.test(sha256))
    .slice(0, FILES)
    .sort((a, b) => b.bytes - a.bytes);
  const fetched = ({ sha256 }: { sha256: string }) =>
    bytesOf(`${endpoint}/b/${sha256}`, FILE_BYTES).catch(() => undefined);
  return Object.fromEntries(first.map((file) => [file.sha256, fetched(file)]));
}

interface Signed {
  files: { group: string; sha256: string; bytes: number }[];
  stable?: Signed;
}

/**
 * Whether there is a database of ours; undefined where the browser does not say. Asking also makes it open its files,
 * before the worker needs them.
 */
export async function beenHere(siteKey: string): Promise<boolean | undefined> {
  try {
    const late = new Promise<undefined>((done) => setTimeout(done, STORE_MS));
    const databases = await Promise.race([indexedDB.databases(), late]);
    return databases?.some(({ name }) => name === `promo-edge:${siteKey}`);
  } catch {
    return undefined;
  }
}

async function bytesOf(url: string, most: number, init?: RequestInit): Promise<Uint8Array> {
  const { ok, body } = await fetch(url, { ...REQUEST, ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!ok) throw url;
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body!.getReader();
  for (let part = await reader.read(); part.value; part = await reader.read()) {
    parts.push(part.value);
    length += part.value.length;
    if (length > most) {
      reader.cancel();
      throw url;
    }
  }
  const bytes = new Uint8Array(length);
  for (const part of parts.reverse()) {
    length -= part.length;
    bytes.set(part, length);
  }
  return bytes;
}
