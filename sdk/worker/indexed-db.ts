/** The store in IndexedDB, one database a site. */

import { type DBSchema, openDB } from 'idb';
import type { BehaviourEvent } from '../../shared/event.ts';
import type { DecisionRecord } from './record.ts';
import { type Kept, RETENTION, type Store } from './store.ts';

/** Raise it, and add a step to `upgrade`, for a change of stores; raise EVENT_SCHEMA for a change of what is in them. */
const DATABASE_VERSION = 1;
const EVENT_SCHEMA = 2;

/** Oldest first. A record of 1,000 events is written in a tenth of the time of 1,000 records, which schema 1 made. */
type EventBatch = { schema: 2; events: BehaviourEvent[] } | { schema: 1; event: BehaviourEvent };

/** Batches beyond so many are written anew, as few large ones: many small ones are slow to read. */
const BATCHES = 16;
const LARGE_BATCH = 256;

interface Schema extends DBSchema {
  events: { key: number; value: EventBatch };
  decisions: { key: string; value: DecisionRecord; indexes: { ts: number } };
  /** Bundle files by SHA-256. */
  files: { key: string; value: Uint8Array };
  kept: { key: string; value: unknown };
}

const STORES = ['events', 'decisions', 'files', 'kept'] as const;

/** @throws where it cannot be opened, or is not ours: the caller does without */
export async function openIndexedDb(name: string, now: number): Promise<Store> {
  const database = await openDB<Schema>(name, DATABASE_VERSION, {
    upgrade(db, from) {
      if (from > 0) return;
      db.createObjectStore('events', { autoIncrement: true });
      db.createObjectStore('decisions', { keyPath: 'id' }).createIndex('ts', 'ts');
      db.createObjectStore('files');
      db.createObjectStore('kept');
    },
    // A newer SDK in another tab wants to upgrade: let it.
    blocking: () => database.close(),
  });
  if (STORES.some((store) => !database.objectStoreNames.contains(store))) {
    database.close();
    // The next visit makes it anew.
    indexedDB.deleteDatabase(name);
    throw new Error(`${name}: expected the stores ${STORES}`);
  }
  const oldest = now - RETENTION.days * 86_400_000;

  /** What a later version of ours has written is left alone until it is ours again. */
  const eventsOf = (batch: EventBatch | undefined): BehaviourEvent[] => {
    const events = batch?.schema === 1 ? [batch.event] : batch?.schema === EVENT_SCHEMA ? batch.events : [];
    return events.filter(({ ts }) => (ts ?? now) > oldest);
  };

  const gatherEvents = async (): Promise<void> => {
    const { store, done } = database.transaction('events', 'readwrite');
    if ((await store.count()) > BATCHES) {
      const kept = (await store.getAll()).flatMap(eventsOf).slice(-RETENTION.events);
      store.clear();
      for (let i = 0; i < kept.length; i += LARGE_BATCH)
        store.add({ schema: EVENT_SCHEMA, events: kept.slice(i, i + LARGE_BATCH) });
    }
    await done;
  };

  /** Deletes the decisions that are too old, then the oldest beyond the count. */
  const trimDecisions = async (): Promise<void> => {
    const { store, done } = database.transaction('decisions', 'readwrite');
    const old = await store.index('ts').getAllKeys(IDBKeyRange.upperBound(oldest));
    const excess = (await store.count()) - RETENTION.decisions;
    const most = excess > 0 ? await store.index('ts').getAllKeys(null, excess) : [];
    for (const key of [...old, ...most]) store.delete(key);
    await done;
  };

  /** The browser gives no more room: the older half goes, so that what is new is kept. */
  const makeRoom = async (): Promise<void> => {
    const transaction = database.transaction(['events', 'decisions'], 'readwrite');
    const [events, decisions] = [transaction.objectStore('events'), transaction.objectStore('decisions')];
    const older = <K>(keys: K[]): K[] => keys.slice(0, Math.ceil(keys.length / 2));
    for (const key of older(await events.getAllKeys())) events.delete(key);
    for (const key of older(await decisions.index('ts').getAllKeys())) decisions.delete(key);
    await transaction.done;
  };

  const withRoom = (write: () => Promise<void>): Promise<void> =>
    write().catch(async (error: Error) => {
      if (error.name !== 'QuotaExceededError') throw error;
      await makeRoom();
      await write();
    });

  return {
    durable: async () => true,
    async events(count) {
      const { store } = database.transaction('events');
      const keys = await store.getAllKeys();
      let out: BehaviourEvent[] = [];
      while (out.length < count && keys.length > 0) {
        const batches = await Promise.all(keys.splice(-BATCHES).map((key) => store.get(key)));
        out = [...batches.flatMap(eventsOf), ...out];
      }
      return out.slice(-count);
    },
    async addEvents(events) {
      await withRoom(async () => {
        const transaction = database.transaction('events', 'readwrite');
        const added = transaction.store.add({ schema: EVENT_SCHEMA, events: [...events] });
        // At once: the page may be on its way out, and what is still open then is undone.
        transaction.commit();
        await Promise.all([added, transaction.done]);
      });
      await gatherEvents();
    },
    decisions: () => database.getAllFromIndex('decisions', 'ts'),
    async putDecisions(records) {
      await withRoom(async () => {
        const transaction = database.transaction('decisions', 'readwrite');
        await Promise.all([...records.map((record) => transaction.store.put(record)), transaction.done]);
      });
      await trimDecisions();
    },
    get: (key) => database.get('kept', key) as Promise<never>,
    async set<K extends keyof Kept>(key: K, value: Kept[K] | undefined) {
      if (value === undefined) await database.delete('kept', key);
      else await database.put('kept', value, key);
    },
    async release(wanted) {
      const transaction = database.transaction(['kept', 'files']);
      const manifest = (await transaction.objectStore('kept').get('manifest')) as string | undefined;
      if (manifest === undefined) return undefined;
      const files = transaction.objectStore('files');
      const keys = wanted?.(manifest) ?? (await files.getAllKeys());
      const values = await Promise.all(keys.map((key) => files.get(key)));
      return {
        manifest,
        files: new Map(keys.flatMap((key, i) => (values[i] === undefined ? [] : [[key, values[i]]]))),
      };
    },
    async commitRelease({ manifest, files }) {
      const transaction = database.transaction(['kept', 'files'], 'readwrite');
      const store = transaction.objectStore('files');
      for (const key of await store.getAllKeys()) if (!files.has(key)) store.delete(key);
      for (const [key, bytes] of files) store.put(bytes, key);
      transaction.objectStore('kept').put(manifest, 'manifest');
      await transaction.done;
    },
    async eraseBehaviour() {
      const transaction = database.transaction(['events', 'decisions', 'kept'], 'readwrite');
      transaction.objectStore('events').clear();
      transaction.objectStore('decisions').clear();
      for (const key of ['visitor', 'dismissed']) transaction.objectStore('kept').delete(key);
      await transaction.done;
    },
    async eraseAll() {
      const transaction = database.transaction(STORES, 'readwrite');
      for (const name of STORES) transaction.objectStore(name).clear();
      await transaction.done;
    },
  };
}
