/** A store that can be used while it opens: a first visit has nothing to wait for. */

import { memoryStore } from './memory-store.ts';
import type { Store } from './store.ts';

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
  const read = async <T>(from: (store: Store) => Promise<T>): Promise<T> => from(now ?? (await open));
  const write = async (to: (store: Store) => Promise<void>): Promise<void> => {
    if (now === meanwhile) await to(meanwhile);
    await to(await open);
  };
  return {
    durable: () => open.then((store) => store.durable()),
    events: (count) => read((store) => store.events(count)),
    addEvents: (events) => write((store) => store.addEvents(events)),
    decisions: () => read((store) => store.decisions()),
    putDecisions: (records) => write((store) => store.putDecisions(records)),
    get: (name) => read((store) => store.get(name)),
    set: (name, value) => write((store) => store.set(name, value)),
    release: (wanted) => read((store) => store.release(wanted)),
    commitRelease: (release) => write((store) => store.commitRelease(release)),
    eraseBehaviour: () => write((store) => store.eraseBehaviour()),
    eraseAll: () => write((store) => store.eraseAll()),
  };
}
