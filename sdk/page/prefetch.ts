/**
 * Fetches what the worker will need while that is still starting: two round trips less before the first decision.
 * Nothing is believed here: the worker verifies the manifest, and each file against it, before it uses either.
 */

import { REQUEST } from '../start-file.ts';

export interface Prefetch {
  manifest: string;
  /** By SHA-256; none where this device has been here before and keeps its releases. */
  files: [sha256: string, bytes: Promise<Uint8Array | undefined>][];
}

/** Bounds on what nobody has verified yet: bytes of a manifest and of a file, files, milliseconds. */
const MANIFEST_BYTES = 256 << 10;
const FILE_BYTES = 1 << 20;
const FILES = 4;
const PATIENCE_MS = 10_000;

/** @returns undefined where there is no manifest to be had: the worker asks again by its clock */
export async function prefetch(endpoint: string, siteKey: string): Promise<Prefetch | undefined> {
  try {
    const visited = beenHere(siteKey);
    // An ETag would be a cookie: no-store keeps the browser from sending one.
    const url = `${endpoint}/s/${siteKey}/manifest.json`;
    const manifest = new TextDecoder().decode(await bytesOf(url, MANIFEST_BYTES, { cache: 'no-store' }));
    return { manifest, files: (await visited) ? [] : firstFiles(endpoint, manifest) };
  } catch {
    return undefined;
  }
}

function firstFiles(endpoint: string, manifest: string): Prefetch['files'] {
  const { signed } = JSON.parse(manifest) as { signed: Signed };
  // While a canary is out, most devices run the release beside it.
  return (signed.stable ?? signed).files
    .filter(({ group, sha256 }) => group === 'first' && /^\w{64}$/.test(sha256))
    .slice(0, FILES)
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ sha256 }) => [sha256, bytesOf(`${endpoint}/b/${sha256}`, FILE_BYTES).catch(() => undefined)]);
}

interface Signed {
  files: { group: string; sha256: string; bytes: number }[];
  stable?: Signed;
}

/** Whether there is a database of ours; asking also makes the browser open its files, before the worker needs them. */
async function beenHere(siteKey: string): Promise<boolean> {
  try {
    return (await indexedDB.databases()).some(({ name }) => name === `promo-edge:${siteKey}`);
  } catch {
    return false;
  }
}

async function bytesOf(url: string, left: number, init?: RequestInit): Promise<Uint8Array> {
  const { ok, body } = await fetch(url, { ...REQUEST, ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
  const bounded = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, to) {
      left -= part.length;
      if (left < 0) to.error();
      else to.enqueue(part);
    },
  });
  if (!ok) throw url;
  return new Uint8Array(await new Response(body!.pipeThrough(bounded)).arrayBuffer());
}
