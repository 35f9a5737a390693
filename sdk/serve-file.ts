/** The other end of start-file.ts: gives a file's API to whoever started it, as remote calls. */

import { type Endpoint, expose } from 'comlink';
import { adoptPolicy, type Notice, type PageHook } from './start-file.ts';

/** @param open makes the API; `notify` says something unasked */
export function serveFile(name: string, open: (notify: (notice: Notice) => void) => object): void {
  if (typeof document === 'undefined') {
    const scope = globalThis as unknown as Endpoint;
    expose(
      open((notice) => scope.postMessage(notice, [])),
      scope,
    );
    scope.postMessage({ notice: 'up' } satisfies Notice, []);
    return;
  }
  // Workers are blocked here, and the file was put on the page.
  const hook: PageHook = (port, policy) => {
    adoptPolicy(policy);
    expose(
      open((notice) => port.postMessage(notice)),
      port,
    );
  };
  (globalThis as unknown as Record<string, PageHook>)[name] = hook;
}
