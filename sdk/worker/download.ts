/** Fetching with a bound on bytes and on time. */

import { Untrusted } from '../../shared/errors.ts';

/** Nothing of the shopper travels along: no cookies, no referrer, no validators. */
const REQUEST: RequestInit = { credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'error' };

export interface Bounds {
  /** The body is aborted beyond this many bytes: an endless one must not fill the shopper's memory. */
  bytes: number;
  /** Milliseconds for the whole of it: a slow one must not hold the connection for ever. */
  ms: number;
}

/** @throws Untrusted ('size') beyond the bound; otherwise what fetch throws */
export async function download(url: string, bounds: Bounds, init: RequestInit = {}): Promise<Uint8Array> {
  const response = await fetch(url, { ...REQUEST, ...init, signal: AbortSignal.timeout(bounds.ms) });
  if (!response.ok || response.body === null) throw new Error(`${url}: expected 200, got ${response.status}`);
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    length += part.value.length;
    if (length <= bounds.bytes) continue;
    await reader.cancel();
    throw new Untrusted('size', `${url}: expected at most ${bounds.bytes} bytes, got more`);
  }
  return joined(parts, length);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
