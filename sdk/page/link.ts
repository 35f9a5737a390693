/** The page's end of the worker: everything waits for it, nothing throws. */

import type { Ready } from '../api.ts';
import type { WorkerApi, WorkerConfig } from '../protocol.ts';
import { type Remote, transfer, wrap } from '../remote.ts';
import { startFile } from '../start-file.ts';
import type { Emitter } from './emitter.ts';
import { prefetch } from './prefetch.ts';

/** Set by the build. */
declare const WORKER_INTEGRITY: string;

type Use<T> = (api: Remote<WorkerApi>) => Promise<T>;

export interface Link {
  readiness: Promise<Ready>;
  /** Sends and forgets. */
  tell(use: Use<unknown>): void;
  /** @returns `otherwise` where the worker is not there or fails */
  ask<T>(use: Use<T>, otherwise: T): Promise<T>;
  close(): void;
}

/** @param config read when the worker is started: consent may have changed by then */
export function openLink(config: () => WorkerConfig, { emit }: Emitter): Link {
  const began = performance.now();
  const { endpoint, siteKey } = config();
  let worker: Remote<WorkerApi>;
  let started: Promise<Omit<Ready, 'ms'>>;
  // Before the worker's file: the first group waits for the manifest, and the open connection serves one request.
  const prefetched = prefetch(endpoint, siteKey);
  const running = startFile(
    { endpoint, name: 'promo-edge-worker', integrity: WORKER_INTEGRITY },
    (port) => {
      worker = wrap(port);
      started = worker.start(config());
    },
    ({ notice, ...detail }) => emit(notice as 'error', detail as never),
  );
  const ask = <T>(use: Use<T>, otherwise: T): Promise<T> =>
    running
      .then(() => use(worker))
      .catch((error) => {
        emit('error', { message: String(error) });
        return otherwise;
      });
  const tell = (use: Use<unknown>): void => void ask(use, undefined);
  prefetched.then((fetched) => {
    tell((api) => api.offer(fetched?.manifest, fetched?.files.map(([sha256]) => sha256) ?? []));
    for (const [sha256, file] of fetched?.files ?? [])
      file.then((bytes) =>
        tell((api) => api.deliver(sha256, bytes && transfer(bytes, [bytes.buffer as ArrayBuffer]))),
      );
  });
  const readiness = ask(() => started, {}).then((ready) => ({ ...ready, ms: performance.now() - began }));
  readiness.then((ready) => emit('ready', ready));
  return {
    readiness,
    tell,
    ask,
    close: () => void running.then((end) => end()).catch(() => undefined),
  };
}
