/** A worker with the device's store: what it keeps, and how long that takes. */

import { openStore } from '../../sdk/worker/store.ts';
import type { BehaviourEvent } from '../../shared/event.ts';

export type StoreQuestion =
  | { do: 'add'; site: string; now: number; batches: BehaviourEvent[][] }
  /** Into a full store: every write fails until something has been deleted. */
  | { do: 'add-full'; site: string; now: number; events: BehaviourEvent[] }
  | { do: 'read'; site: string; now: number; count: number }
  /** The browser takes the database away between two writes, as it does when it clears a site's data. */
  | { do: 'add-evicted'; site: string; now: number; events: BehaviourEvent[] }
  /** Records as the first version of the SDK wrote them: one an event. */
  | { do: 'add-singly'; site: string; events: BehaviourEvent[] };

export interface StoreAnswer {
  ms: number;
  events?: BehaviourEvent[];
  records?: number;
}

self.onmessage = async ({ data }: MessageEvent<StoreQuestion>) => {
  try {
    self.postMessage(await answerTo(data));
  } catch (error) {
    self.postMessage({ error: String(error instanceof Error ? error.stack : error) });
  }
};

async function answerTo(question: StoreQuestion): Promise<StoreAnswer> {
  if (question.do === 'add-singly') return addSingly(question.site, question.events);
  const store = await openStore(question.site, question.now);
  if (!(await store.durable())) throw new Error('expected IndexedDB');
  const began = performance.now();
  if (question.do === 'read') {
    const events = await store.events(question.count);
    return { ms: performance.now() - began, events };
  }
  if (question.do === 'add-full') {
    const restore = full();
    await store.addEvents(question.events).finally(restore);
    return { ms: performance.now() - began };
  }
  if (question.do === 'add-evicted') {
    await store.addEvents([question.events[0]!]);
    await settled(indexedDB.deleteDatabase(`promo-edge:${question.site}`));
    await store.addEvents(question.events.slice(1));
    return { ms: performance.now() - began, events: await store.events(question.events.length) };
  }
  for (const batch of question.batches) await store.addEvents(batch);
  return { ms: performance.now() - began, records: await records(question.site) };
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** The browser has no more room, until a record is deleted. @returns how to undo it */
function full(): () => void {
  const { add, delete: remove } = IDBObjectStore.prototype;
  let room = false;
  Object.assign(IDBObjectStore.prototype, {
    add(this: IDBObjectStore, value: unknown) {
      if (!room) throw new DOMException('no room', 'QuotaExceededError');
      return add.call(this, value);
    },
    delete(this: IDBObjectStore, key: IDBValidKey) {
      room = true;
      return remove.call(this, key);
    },
  });
  return () => void Object.assign(IDBObjectStore.prototype, { add, delete: remove });
}

async function records(site: string): Promise<number> {
  const database = await settled(indexedDB.open(`promo-edge:${site}`));
  return settled(database.transaction('events').objectStore('events').count());
}

async function addSingly(site: string, events: readonly BehaviourEvent[]): Promise<StoreAnswer> {
  await openStore(site, 0);
  const database = await settled(indexedDB.open(`promo-edge:${site}`));
  const began = performance.now();
  const store = database.transaction('events', 'readwrite').objectStore('events');
  await Promise.all(events.map((event) => settled(store.add({ schema: 1, ts: event.ts, event }))));
  return { ms: performance.now() - began };
}
