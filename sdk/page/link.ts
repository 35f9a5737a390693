/** The page's end of the worker: everything waits for it, nothing throws. */

import type { RemoteObject } from 'comlink';
import type { Ready } from '../api.ts';
import type { WorkerApi, WorkerConfig } from '../protocol.ts';
import { wrap } from '../remote.ts';
import { startFile } from '../start-file.ts';
import type { Emitter } from './emitter.ts';
import { beenHere, type Prefetch, prefetch } from './prefetch.ts';

/** Set by the build. */
declare const WORKER_INTEGRITY: string;

type Use<T> = (api: RemoteObject<WorkerApi>) => Promise<T>;

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
  let worker: RemoteObject<WorkerApi>;
  let started: Promise<Omit<Ready, 'ms'>>;
  // Before the worker's file: the first group waits for the manifest, and the open connection serves one request.
  const visited = beenHere(siteKey);
  const prefetched = prefetch(endpoint, siteKey, visited);
  const running = startFile(
    { endpoint, name: 'promo-edge-worker', integrity: WORKER_INTEGRITY },
    (port) => {
      const api = wrap<WorkerApi>(port);
      worker = api;
      // Lies in the port when the worker comes up: nothing crosses the threads once more before it can begin.
      started = visited.then((been) => api.start(config(), been !== false));
      prefetched.then((fetched) => handOver(fetched, api));
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
  const readiness = ask(() => started, {}).then((ready) => ({ ...ready, ms: performance.now() - began }));
  readiness.then((ready) => emit('ready', ready));
  return {
    readiness,
    tell,
    ask,
    close: () => void running.then((end) => end()).catch(() => undefined),
  };
}

function handOver({ manifest, files }: Prefetch, worker: RemoteObject<WorkerApi>): void {
  worker.offer(manifest, Object.keys(files));
  for (const [sha256, file] of Object.entries(files))
    file
      .then((bytes) => worker.deliver(sha256, bytes))
      // Given to a worker that was then blocked: the one in its place fetches it anew.
      .catch(() => worker.deliver(sha256, undefined));
}
