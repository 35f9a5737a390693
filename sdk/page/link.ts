/** The page's end of the worker: everything waits for it, nothing throws. */

import type { Ready } from '../api.ts';
import type { WorkerApi, WorkerConfig } from '../protocol.ts';
import { type Args, type Caller, caller, type Result } from '../remote.ts';
import { startFile } from '../start-file.ts';
import type { Emitter } from './emitter.ts';
import { beenHere, fetchManifest, nothing, type Prefetched, prefetch } from './prefetch.ts';

/** Set by the build. */
declare const WORKER_INTEGRITY: string;

type Method = keyof WorkerApi;

export interface Link {
  readiness: Promise<Ready>;
  /** Sends and forgets. */
  tell<M extends Method>(method: M, ...args: Args<WorkerApi, M>): void;
  /** @returns `otherwise` where the worker is not there or fails */
  ask<M extends Method>(
    otherwise: Result<WorkerApi, M>,
    method: M,
    ...args: Args<WorkerApi, M>
  ): Promise<Result<WorkerApi, M>>;
  close(): void;
}

/** @param config read when the worker is started: consent may have changed by then */
export function openLink(config: () => WorkerConfig, { emit }: Emitter): Link {
  const began = performance.now();
  const { endpoint, siteKey } = config();
  let worker: Caller<WorkerApi>;
  let started: Promise<Omit<Ready, 'ms'>>;
  // Before the worker's file: the first group waits for the manifest, and the open connection serves one request.
  const fetching = fetchManifest(endpoint, siteKey);
  const running = startFile(
    { endpoint, name: 'promo-edge-worker', integrity: WORKER_INTEGRITY },
    (port) => {
      const call = caller<WorkerApi>(port);
      worker = call;
      // Lies in the port when the worker comes up: nothing crosses the threads once more before it can begin.
      started = visited.then((been) => call('start', config(), been !== false));
      offered.then((here) => handOver(here, call));
    },
    ({ notice, ...detail }) => emit(notice as 'error', detail as never),
  );
  // After the requests are out: a browser first asks another process whether the page may.
  const visited = beenHere(siteKey).catch(nothing);
  const offered = prefetch(endpoint, fetching, visited).catch(nothing);
  const inCase = <T>(result: () => Promise<T>, otherwise: T): Promise<T> =>
    running.then(result).catch((error) => {
      emit('error', { message: String(error) });
      return otherwise;
    });
  const ask: Link['ask'] = (otherwise, ...call) => inCase(() => worker(...call), otherwise);
  const readiness = inCase(() => started, {}).then((told) => {
    const ready = { ...told, ms: performance.now() - began };
    emit('ready', ready);
    return ready;
  });
  return {
    readiness,
    tell: (...call) => void ask(undefined as never, ...call),
    ask,
    close: () => void running.then((end) => end()).catch(nothing),
  };
}

function handOver(from: Prefetched | undefined, call: Caller<WorkerApi>): void {
  const { manifest, files = [] } = from ?? {};
  const coming = files.map(([sha256]) => sha256);
  call('offer', manifest, coming);
  for (const [sha256, file] of files)
    file
      .then((bytes) => call('deliver', sha256, bytes))
      // Given to a worker that was then blocked: the one in its place gets it for itself.
      .catch(() => call('deliver', sha256));
}
