/** Fetching with a bound on bytes and on time. */

import { Untrusted } from '../../shared/errors.ts';
import { atMost } from '../at-most.ts';
import { REQUEST } from '../start-worker.ts';

export interface Bounds {
  /** The body is aborted beyond this many bytes: an endless one must not fill the shopper's memory. */
  bytes: number;
  /** Milliseconds for the whole of it: a slow one must not hold the connection for ever. */
  ms: number;
}

/** @throws Untrusted ('size') beyond the bound; otherwise what fetch throws */
export async function download(url: string, bounds: Bounds, init: RequestInit = {}): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(bounds.ms);
  // Nothing of the shopper travels along: no cookies, no referrer, no validators.
  const response = await fetch(url, { ...REQUEST, redirect: 'error', ...init, signal });
  if (!response.ok || response.body === null) throw new Error(`${url}: expected 200, got ${response.status}`);
  const tooMuch = new Untrusted('size', `${url}: expected at most ${bounds.bytes} bytes, got more`);
  return atMost(bounds.bytes, response.body, tooMuch);
}
