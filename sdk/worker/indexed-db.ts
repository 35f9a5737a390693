/** The store in IndexedDB, one database a site. */

import type { BehaviourEvent } from '../../shared/event.ts';
import { forwarding } from '../forwarding.ts';
import { committed, settled } from './settled.ts';
import { BEHAVIOUR, RETENTION, type Store } from './store.ts';

/** Raise it, and add a step to `upgrade`, for a change of stores; raise EVENT_SCHEMA for a change of what is in them. */
const DATABASE_VERSION = 1;
const EVENT_SCHEMA = 2;

/** Oldest first. A record of 1,000 events is written in a tenth of the time of 1,000 records, which schema 1 made. */
type EventBatch = { schema: 2; events: BehaviourEvent[] } | { schema: 1; event: BehaviourEvent };

/** Batches beyond so many are written anew, as few large ones: many small ones are slow to read. */
const BATCHES = 16;
const LARGE_BATCH = 256;

/** Keys: `events` numbers that grow, `decisions` their ids, `files` SHA-256, `kept` the names of Kept and 'manifest'. */
const STORES = ['events', 'decisions', 'files', 'kept'] as const;

/**
 * @param renewed it has been opened once more, perhaps empty: browsers evict, and shoppers clear a site's data
 * @throws where it cannot be opened, or is not ours: the caller does without
 */
export async function openIndexedDb(name: string, now: number, renewed = (): void => {}): Promise<Store> {
  /** At once, lest the next visit find nothing; where it cannot be, whatever is asked of it next tries again. */
  const evicted = (): void => void reopen().catch(() => undefined);
  let reopening: Promise<void> | undefined;
  const reopen = (): Promise<void> => {
    reopening ??= openOnce(name, now, evicted)
      .then((opened) => {
        store = opened;
        // Whoever was first to make an empty one anew: another tab, or the helper, who keep something else.
        renewed();
      })
      .finally(() => {
        reopening = undefined;
      });
    return reopening;
  };
  let store = await openOnce(name, now, evicted);
  /** Closed for the upgrade of another tab, or evicted: opened once more. */
  const again = async (method: keyof Store, args: unknown[]): Promise<unknown> => {
    const call = async () => (store[method] as (...args: unknown[]) => Promise<unknown>)(...args);
    try {
      return await call();
    } catch (error) {
      if ((error as Error).name !== 'InvalidStateError') throw error;
      await reopen();
      return call();
    }
  };
  return forwarding((method, args) => again(method as keyof Store, args));
}

async function openOnce(name: string, now: number, evicted: () => void): Promise<Store> {
  const opening = indexedDB.open(name, DATABASE_VERSION);
  opening.onupgradeneeded = ({ oldVersion }) => {
    if (oldVersion > 0) return;
    const { result } = opening;
    result.createObjectStore('events', { autoIncrement: true });
    result.createObjectStore('decisions', { keyPath: 'id' }).createIndex('ts', 'ts');
    result.createObjectStore('files');
    result.createObjectStore('kept');
  };
  const database = await settled(opening);
  // A newer SDK in another tab wants to upgrade: let it. No version: it is being deleted.
  database.onversionchange = ({ newVersion }) => {
    database.close();
    if (newVersion === null) evicted();
  };
  database.onclose = evicted;
  if (STORES.some((store) => !database.objectStoreNames.contains(store))) {
    database.close();
    // The next visit makes it anew.
    indexedDB.deleteDatabase(name);
    throw new Error(`${name}: expected the stores ${STORES}`);
  }
  const reading = (store: (typeof STORES)[number]): IDBObjectStore =>
    database.transaction(store).objectStore(store);
  /** Begins what `write` does to some stores. @returns once it is written down */
  const writing = async (
    names: readonly (typeof STORES)[number][],
    write: (...stores: IDBObjectStore[]) => void | Promise<void>,
  ): Promise<void> => {
    const transaction = database.transaction(names, 'readwrite');
    const done = committed(transaction);
    // Where `write` throws before anything waits for it.
    done.catch(() => undefined);
    await Promise.all([write(...names.map((store) => transaction.objectStore(store))), done]);
  };
  const oldest = now - RETENTION.days * 86_400_000;

  /** What a later version of ours has written is left alone until it is ours again. */
  const eventsOf = (batch: EventBatch | undefined): BehaviourEvent[] => {
    const events = batch?.schema === 1 ? [batch.event] : batch?.schema === EVENT_SCHEMA ? batch.events : [];
    return events.filter(({ ts }) => (ts ?? now) > oldest);
  };

  const gatherEvents = (): Promise<void> =>
    writing(['events'], async (store) => {
      if ((await settled(store!.count())) <= BATCHES) return;
      const batches: EventBatch[] = await settled(store!.getAll());
      const kept = batches.flatMap(eventsOf).slice(-RETENTION.events);
      store!.clear();
      for (let i = 0; i < kept.length; i += LARGE_BATCH)
        store!.add({ schema: EVENT_SCHEMA, events: kept.slice(i, i + LARGE_BATCH) });
    });

  /** Deletes the decisions that are too old, then the oldest beyond the count. */
  const trimDecisions = (): Promise<void> =>
    writing(['decisions'], async (store) => {
      const byTime = store!.index('ts');
      const old = await settled(byTime.getAllKeys(IDBKeyRange.upperBound(oldest)));
      const excess = (await settled(store!.count())) - RETENTION.decisions;
      const most = excess > 0 ? await settled(byTime.getAllKeys(null, excess)) : [];
      for (const key of [...old, ...most]) store!.delete(key);
    });

  /** The browser gives no more room: the older half goes, so that what is new is kept. */
  const makeRoom = (): Promise<void> =>
    writing(['events', 'decisions'], async (events, decisions) => {
      const olderHalf = async (keys: IDBRequest<IDBValidKey[]>, store: IDBObjectStore): Promise<void> => {
        const all = await settled(keys);
        for (const key of all.slice(0, Math.ceil(all.length / 2))) store.delete(key);
      };
      await olderHalf(events!.getAllKeys(), events!);
      await olderHalf(decisions!.index('ts').getAllKeys(), decisions!);
    });

  const withRoom = (write: () => Promise<void>): Promise<void> =>
    write().catch(async (error: Error) => {
      if (error.name !== 'QuotaExceededError') throw error;
      await makeRoom();
      await write();
    });

  return {
    durable: async () => true,
    async events(count) {
      // All of them, which are few batches: to ask for the last ones' keys first takes a turn of the start.
      const batches: EventBatch[] = await settled(reading('events').getAll());
      return batches.flatMap(eventsOf).slice(-count);
    },
    async addEvents(events) {
      await withRoom(() =>
        writing(['events'], (store) => {
          store!.add({ schema: EVENT_SCHEMA, events: [...events] });
          // At once: the page may be on its way out, and what is still open then is undone.
          store!.transaction.commit();
        }),
      );
      await gatherEvents();
    },
    decisions: () => settled(reading('decisions').index('ts').getAll()),
    async putDecisions(records) {
      await withRoom(() =>
        writing(['decisions'], (store) => {
          for (const record of records) store!.put(record);
        }),
      );
      await trimDecisions();
    },
    get: (key) => settled(reading('kept').get(key)),
    set: (key, value) =>
      writing(['kept'], (kept) => void (value === undefined ? kept!.delete(key) : kept!.put(value, key))),
    async release(wanted) {
      const transaction = database.transaction(['kept', 'files']);
      const manifest: string | undefined = await settled(transaction.objectStore('kept').get('manifest'));
      if (manifest === undefined) return undefined;
      const files = transaction.objectStore('files');
      const keys = wanted?.(manifest) ?? ((await settled(files.getAllKeys())) as string[]);
      const values = await Promise.all(keys.map((key) => settled(files.get(key))));
      return {
        manifest,
        files: new Map(keys.flatMap((key, i) => (values[i] === undefined ? [] : [[key, values[i]]]))),
      };
    },
    commitRelease: ({ manifest, files }) =>
      writing(['kept', 'files'], async (kept, store) => {
        for (const key of (await settled(store!.getAllKeys())) as string[])
          if (!files.has(key)) store!.delete(key);
        for (const [key, bytes] of files) store!.put(bytes, key);
        kept!.put(manifest, 'manifest');
      }),
    eraseBehaviour: () =>
      writing(['events', 'decisions', 'kept'], (events, decisions, kept) => {
        events!.clear();
        decisions!.clear();
        for (const key of BEHAVIOUR) kept!.delete(key);
      }),
    eraseAll: () =>
      writing(STORES, (...stores) => {
        for (const store of stores) store.clear();
      }),
  };
}
