/** Starts the worker from another origin's file, or its code on the page where workers are blocked. */

import { type Remote, wrap } from 'comlink';
import type { PageHook, WorkerApi, WorkerNotice } from '../protocol.ts';
import { PAGE_HOOK } from '../protocol.ts';

/** Set by the build: the worker file's integrity, and a name that changes with it. */
declare const WORKER_INTEGRITY: string;

export interface Connection {
  api: Remote<WorkerApi>;
  close(): void;
}

/** 'up' is for the bridge alone. */
export type Spoken = Exclude<WorkerNotice, { notice: 'up' }>;

export const REQUEST: RequestInit = { credentials: 'omit', referrerPolicy: 'no-referrer' };

/**
 * A cross-origin worker URL always fails, so the file is fetched as text and started from a Blob
 * (CSP: `worker-src blob:; connect-src ENDPOINT`; Trusted Types: `trusted-types promo-edge`).
 */
export async function connect(endpoint: string, listen: (notice: Spoken) => void): Promise<Connection> {
  const url = `${endpoint}/sdk/promo-edge-worker.js?v=${WORKER_INTEGRITY.slice(-9, -1).replace(/\W/g, '')}`;
  const trusted = trustedUrls();
  try {
    return await inWorker(await fetchText(url), trusted, listen);
  } catch {
    return onPage(url, trusted, listen);
  }
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { ...REQUEST, integrity: WORKER_INTEGRITY });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.text();
}

function inWorker(
  code: string,
  trusted: (url: string) => string,
  listen: (notice: Spoken) => void,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const blob = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
    const worker = new Worker(trusted(blob), { type: 'module' });
    // The policy may refuse a blob worker by an event instead of an exception.
    worker.onerror = reject;
    worker.addEventListener('message', ({ data }) => {
      if (data.notice === 'up') {
        URL.revokeObjectURL(blob);
        resolve({ api: wrap<WorkerApi>(worker), close: () => worker.terminate() });
      } else if (data.notice) listen(data);
    });
  });
}

function onPage(
  url: string,
  trusted: (url: string) => string,
  listen: (notice: Spoken) => void,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    const onload = (): void => {
      const { port1, port2 } = new MessageChannel();
      (globalThis as unknown as Record<string, PageHook>)[PAGE_HOOK]!(port2);
      port1.addEventListener('message', ({ data }) => data.notice && listen(data));
      resolve({ api: wrap<WorkerApi>(port1), close: () => port1.close() });
    };
    Object.assign(script, {
      type: 'module',
      crossOrigin: 'anonymous',
      integrity: WORKER_INTEGRITY,
      referrerPolicy: 'no-referrer',
      src: trusted(url),
      onload,
      onerror: reject,
    });
    document.head.append(script);
  });
}

/** The types say string because sinks are typed so; under Trusted Types it is a TrustedScriptURL. */
function trustedUrls(): (url: string) => string {
  type Policy = { createScriptURL(url: string): string };
  const factory = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } })
    .trustedTypes;
  try {
    const policy = factory?.createPolicy('promo-edge', { createScriptURL: (url) => url });
    return (url) => policy?.createScriptURL(url) ?? url;
  } catch {
    return (url) => url;
  }
}
