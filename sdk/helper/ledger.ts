/**
 * The device's privacy ledger. One an origin, so that a second site key spends nothing afresh; it outlives `forget`,
 * because a page could else erase it and have the device report again.
 */

import { openDB } from 'idb';
import { EMPTY_LEDGER, type Ledger } from '../../shared/privacy/ledger.ts';

const NAME = 'promo-edge-ledger';

/**
 * Reads the ledger, and writes it where `work` gives another. No two tabs do this at once.
 * @throws where there are no Web Locks (insecure HTTP) or no IndexedDB (some private windows): then nothing may be spent
 */
export function withLedger<T>(work: (ledger: Ledger) => { ledger: Ledger; result: T }): Promise<T> {
  return navigator.locks.request(NAME, async () => {
    const database = await openDB<{ ledger: { key: string; value: Ledger } }>(NAME, 1, {
      upgrade: (db) => void db.createObjectStore('ledger'),
    });
    try {
      // On the disk before anything is sent: a crash may lose a report, never the memory of one.
      const transaction = database.transaction('ledger', 'readwrite', { durability: 'strict' });
      const before = (await transaction.store.get('device')) ?? EMPTY_LEDGER;
      const { ledger, result } = work(before);
      if (ledger !== before) await transaction.store.put(ledger, 'device');
      await transaction.done;
      return result;
    } finally {
      database.close();
    }
  });
}

export const readLedger = (): Promise<Ledger> => withLedger((ledger) => ({ ledger, result: ledger }));
