/** Starts one of the SDK's files in a worker of its own. */

import type { Endpoint } from 'comlink';
import { addressVersion } from '../shared/integrity.ts';

export interface SdkFile {
  /** The origin that serves it. */
  endpoint: string;
  /** Without its ending. Also the name of the hook that it leaves on a page. */
  name: string;
  integrity: string;
}

/** What a started file says unasked, beside its answers; its first is 'up'. */
export interface Notice {
  notice: string;
}

/**
 * @param meet gets the port before the file runs: what it sends waits there. Called again where a worker is blocked
 * @returns once the file runs: how to end it
 */
export type Start = (
  file: SdkFile,
  meet: (port: Endpoint) => void,
  listen: (notice: Notice) => void,
) => Promise<() => void>;

export const REQUEST: RequestInit = { credentials: 'omit', referrerPolicy: 'no-referrer' };

/**
 * A cross-origin worker URL always fails, so the file is fetched and started from a Blob
 * (CSP: `worker-src blob:; connect-src ENDPOINT`; Trusted Types: `trusted-types promo-edge`).
 */
export const startWorker: Start = async (file, meet, listen) => {
  const response = await fetch(addressOf(file), { ...REQUEST, integrity: file.integrity });
  // Never read as text: the bytes need not pass through the page once more.
  const blob = URL.createObjectURL(await response.blob());
  return new Promise((resolve, reject) => {
    // A classic one: it is up 10 ms sooner than a module.
    const worker = new Worker(trusted(blob));
    // The policy may refuse a blob worker by an event instead of an exception.
    worker.onerror = reject;
    worker.addEventListener('message', ({ data }) => {
      if (data.notice === 'up') {
        URL.revokeObjectURL(blob);
        resolve(() => worker.terminate());
      } else if (data.notice) listen(data);
    });
    meet(worker);
  });
};

export const addressOf = ({ endpoint, name, integrity }: SdkFile): string =>
  `${endpoint}/sdk/${name}.js?v=${addressVersion(integrity)}`;

/** Of Trusted Types. */
interface UrlPolicy {
  createScriptURL(url: string): string;
}

/** A policy's name can be taken but once a page, or a worker. */
let policy: UrlPolicy | undefined;

/** The types say string because sinks are typed so; under Trusted Types it is a TrustedScriptURL. */
export function trusted(url: string): string {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: UrlPolicy): UrlPolicy };
  };
  try {
    policy ??= trustedTypes?.createPolicy('promo-edge', { createScriptURL: (raw) => raw });
  } catch {
    // Refused by the page's policy: the sink decides.
  }
  return policy?.createScriptURL(url) ?? url;
}
