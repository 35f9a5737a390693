/** The other end of start-file.ts: gives a file's API to whoever started it, as remote calls. */

import type { Endpoint } from 'comlink';
import type { PageHook } from './start-file.ts';
import type { Notice, Start } from './start-worker.ts';

/**
 * @param open makes the API, whose `end` stops its clocks where no worker's end does; `notify` says something unasked,
 * `start` starts further files where it runs on a page
 * @param answer by which its methods answer the far side
 */
export function serveFile(
  name: string,
  open: (notify: (notice: Notice) => void, start?: Start) => object,
  answer: (api: object, port: Endpoint) => void,
): void {
  if (typeof document === 'undefined') {
    const scope = globalThis as unknown as Endpoint;
    answer(
      open((notice) => scope.postMessage(notice, [])),
      scope,
    );
    scope.postMessage({ notice: 'up' } satisfies Notice, []);
    return;
  }
  // Workers are blocked here, and the file was put on the page.
  const hook: PageHook = (port, start) => {
    const api: { end?(): void } = open((notice) => port.postMessage(notice), start);
    answer(api, port);
    return () => api.end?.();
  };
  (globalThis as unknown as Record<string, PageHook>)[name] = hook;
}
