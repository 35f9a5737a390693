/** Promotions that the shopper is not interested in: a mask for later decisions, kept as behaviour is. */

import type { ConsentState } from '../api.ts';
import type { Store } from './store.ts';

/** More than a shop has running: the oldest are forgotten. */
const MOST = 100;

export class Dismissals {
  #ids: string[] = [];
  #keeping: ConsentState = 'pending';

  constructor(readonly store: Store) {}

  get ids(): readonly string[] {
    return this.#ids;
  }

  /** Pending: for this page alone. Denied: none, and the store has been emptied. */
  async setConsent(consent: ConsentState): Promise<void> {
    const starting = this.#keeping !== 'granted' && consent === 'granted';
    this.#keeping = consent;
    if (consent === 'denied') this.#ids = [];
    if (!starting) return;
    const kept = (await this.store.get('dismissed')) ?? [];
    const said = this.#ids;
    this.#ids = [...new Set([...kept, ...said])];
    if (said.length > 0) await this.#keep();
  }

  /** @param elsewhere another tab has kept it already */
  async add(id: string, elsewhere = false): Promise<void> {
    if (this.#keeping === 'denied' || this.#ids.includes(id)) return;
    this.#ids = [...this.#ids, id].slice(-MOST);
    if (this.#keeping === 'granted' && !elsewhere) await this.#keep();
  }

  forget(): void {
    this.#ids = [];
  }

  #keep(): Promise<void> {
    return this.store.set('dismissed', [...this.#ids]);
  }
}
