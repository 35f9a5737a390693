/** A store that can be used while it opens: a first visit has nothing to wait for. */

import { forwarding } from '../forwarding.ts';
import { memoryStore } from './memory-store.ts';
import type { Store } from './store.ts';

/** What may be answered before the store is open; whether it is durable may not. */
const READS: readonly string[] = ['events', 'decisions', 'get', 'release'] satisfies (keyof Store)[];

/**
 * What is written is written down once the store is open. What is read until then waits for it, unless this device
 * keeps nothing yet: then it is what has been written since.
 */
export function openingStore(opening: Promise<Store>, empty: boolean): Store {
  const meanwhile = memoryStore();
  let now: Store | undefined = empty ? meanwhile : undefined;
  const open = opening.then((store) => {
    now = store;
    return store;
  });
  return forwarding(async (method, args) => {
    const call = (store: Store) => (store[method as keyof Store] as (...args: unknown[]) => unknown)(...args);
    if (READS.includes(method)) return call(now ?? (await open));
    if (now === meanwhile) await call(meanwhile);
    return call(await open);
  });
}
