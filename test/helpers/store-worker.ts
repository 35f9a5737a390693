/** A worker with the device's store: what it keeps, and how long that takes. */

import { openStore } from '../../sdk/worker/store.ts';
import type { BehaviourEvent } from '../../shared/event.ts';

export type StoreQuestion =
  | { do: 'add'; site: string; now: number; batches: BehaviourEvent[][] }
  | { do: 'read'; site: string; now: number; count: number }
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
  for (const batch of question.batches) await store.addEvents(batch);
  return { ms: performance.now() - began, records: await records(question.site) };
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

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
