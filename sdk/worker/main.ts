/** The worker's file: serves the runtime to the page over comlink. */

import { expose } from 'comlink';
import { PAGE_HOOK, type PageHook, type WorkerNotice } from '../protocol.ts';
import { Runtime } from './runtime.ts';

if (typeof document === 'undefined') {
  const scope = globalThis as unknown as { postMessage(message: unknown): void };
  expose(new Runtime((notice) => scope.postMessage(notice)));
  scope.postMessage({ notice: 'up' } satisfies WorkerNotice);
} else {
  // Workers are blocked here and the bridge has put this file on the page.
  const hook: PageHook = (port) => expose(new Runtime((notice) => port.postMessage(notice)), port);
  (globalThis as unknown as Record<string, PageHook>)[PAGE_HOOK] = hook;
}
