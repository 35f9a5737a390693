/** The page's end of the worker: everything waits for it, nothing throws. */

import type { Remote } from 'comlink';
import type { Ready } from '../api.ts';
import type { WorkerApi, WorkerConfig } from '../protocol.ts';
import { connect, REQUEST } from './connect.ts';
import type { Emitter } from './emitter.ts';

type Use<T> = (api: Remote<WorkerApi>) => Promise<T>;

export interface Link {
  readiness: Promise<Ready>;
  /** Sends and forgets. */
  tell(use: Use<unknown>): void;
  /** @returns `otherwise` where the worker is not there or fails */
  ask<T>(use: Use<T>, otherwise: T): Promise<T>;
  close(): void;
}

/** @param config read when the worker is there: consent may have changed by then */
export function openLink(config: () => WorkerConfig, { emit }: Emitter): Link {
  const began = performance.now();
  const { endpoint, siteKey } = config();
  const connection = connect(endpoint, ({ notice, ...detail }) => emit(notice, detail as never));
  // Fetched while the worker starts: one round trip less before the first decision.
  const manifest = fetch(`${endpoint}/s/${siteKey}/manifest.json`, {
    ...REQUEST,
    cache: 'no-store',
    signal: AbortSignal.timeout(10_000),
  })
    .then((response) => (response.ok ? response.text() : undefined))
    .catch(() => undefined);
  const ask = <T>(use: Use<T>, otherwise: T): Promise<T> =>
    connection
      .then(({ api }) => use(api))
      .catch((error) => {
        emit('error', { message: String(error) });
        return otherwise;
      });
  const tell = (use: Use<unknown>): void => void ask(use, undefined);
  manifest.then((text) => tell((api) => api.offer(text)));
  const readiness = ask((api) => api.start(config()), {}).then((ready) => ({
    ...ready,
    ms: performance.now() - began,
  }));
  readiness.then((ready) => emit('ready', ready));
  return {
    readiness,
    tell,
    ask,
    close: () => void connection.then(({ close }) => close()).catch(() => undefined),
  };
}
