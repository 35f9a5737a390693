/** Starts one of the SDK's files beside its caller: in a worker, or on the page where workers are blocked. */

import type { Endpoint } from 'comlink';
import { addressVersion } from '../shared/integrity.ts';

export interface SdkFile {
  /** The origin that serves it. */
  endpoint: string;
  /** Without its ending. Also the name of the hook that it leaves on a page. */
  name: string;
  integrity: string;
}

export const REQUEST: RequestInit = { credentials: 'omit', referrerPolicy: 'no-referrer' };

/** What a file that finds no worker around it leaves on the page, under its name. @returns how to end it */
export type PageHook = (port: MessagePort, policy: UrlPolicy | undefined) => () => void;

/** Of Trusted Types. */
export interface UrlPolicy {
  createScriptURL(url: string): string;
}

/** What a started file says unasked, beside its answers; its first is 'up'. */
export interface Notice {
  notice: string;
}

/**
 * A cross-origin worker URL always fails, so the file is fetched and started from a Blob
 * (CSP: `worker-src blob:; connect-src ENDPOINT`; Trusted Types: `trusted-types promo-edge`).
 * @param meet gets the port before the file runs: what it sends waits there. Called again where a worker is blocked
 * @returns once the file runs: how to end it
 */
export async function startFile(
  file: SdkFile,
  meet: (port: Endpoint) => void,
  listen: (notice: Notice) => void,
): Promise<() => void> {
  try {
    const response = await fetch(addressOf(file), { ...REQUEST, integrity: file.integrity });
    return await inWorker(await response.blob(), meet, listen);
  } catch {
    return onPage(file, meet, listen);
  }
}

const addressOf = ({ endpoint, name, integrity }: SdkFile): string =>
  `${endpoint}/sdk/${name}.js?v=${addressVersion(integrity)}`;

function inWorker(
  code: Blob,
  meet: (port: Endpoint) => void,
  listen: (notice: Notice) => void,
): Promise<() => void> {
  return new Promise((resolve, reject) => {
    // Never read as text: the bytes need not pass through the page once more.
    const blob = URL.createObjectURL(code);
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
}

async function onPage(
  file: SdkFile,
  meet: (port: Endpoint) => void,
  listen: (notice: Notice) => void,
): Promise<() => void> {
  await addScript(file);
  const { port1, port2 } = new MessageChannel();
  const end = (globalThis as unknown as Record<string, PageHook>)[file.name]!(port2, policy);
  port1.addEventListener('message', ({ data }) => data.notice && listen(data));
  meet(port1);
  return () => {
    end();
    port1.close();
  };
}

/** Runs one of the SDK's files on the page (CSP: `script-src ENDPOINT/sdk/`). Rejects where it may not. */
export function addScript(file: SdkFile): Promise<unknown> {
  return new Promise((onload, onerror) => {
    const script = document.createElement('script');
    Object.assign(script, {
      type: 'module',
      crossOrigin: 'anonymous',
      integrity: file.integrity,
      referrerPolicy: 'no-referrer',
      src: trusted(addressOf(file)),
      onload,
      onerror,
    });
    document.head.append(script);
  });
}

let policy: UrlPolicy | undefined;

/** A policy's name can be taken but once a page: a file on the page goes on with the policy of the one before it. */
export function adoptPolicy(given: UrlPolicy | undefined): void {
  policy = given;
}

/** The types say string because sinks are typed so; under Trusted Types it is a TrustedScriptURL. */
function trusted(url: string): string {
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
