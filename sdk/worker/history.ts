/** The shopper's events: in memory at once, in the store when consent allows, written in batches. */

import type { BehaviourEvent } from '../../shared/event.ts';
import type { ConsentState } from '../api.ts';
import { RETENTION, type Store } from './store.ts';

/** Milliseconds during which events gather into one transaction. */
const BATCH_MS = 250;
/** Events held in memory: more than any feature reads. */
const HELD = 256;

export class History {
  #events: BehaviourEvent[] = [];
  #unsaved: BehaviourEvent[] = [];
  #consent: ConsentState = 'pending';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly store: Store,
    readonly failed: (error: unknown) => void,
  ) {}

  /** Oldest first. */
  recent(count: number): BehaviourEvent[] {
    return this.#events.slice(-count);
  }

  add(event: BehaviourEvent): void {
    if (this.#consent === 'denied') return;
    this.#events = [...this.#events, event].slice(-HELD);
    this.#unsaved = [...this.#unsaved, event].slice(-RETENTION.events);
    if (this.#consent === 'granted') this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  /** Pending: memory alone, and the store is not even read. Denied: nothing is kept, and what was is erased. */
  async setConsent(consent: ConsentState): Promise<void> {
    const before = this.#consent;
    this.#consent = consent;
    if (consent === 'denied') {
      this.#forget();
      await this.store.eraseBehaviour();
    } else if (consent === 'granted' && before !== 'granted') {
      const earlier = await this.store.events(HELD);
      this.#events = [...earlier, ...this.#events].slice(-HELD);
      await this.flush();
    }
  }

  /** Writes what is still in memory. A store that is full or gone costs the next visit's memory, not this one's. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#consent !== 'granted' || this.#unsaved.length === 0) return;
    const batch = this.#unsaved;
    this.#unsaved = [];
    try {
      await this.store.addEvents(batch);
    } catch (error) {
      this.#unsaved = [...batch, ...this.#unsaved].slice(-HELD);
      this.failed(error);
    }
  }

  async forget(): Promise<void> {
    this.#forget();
    await this.store.eraseAll();
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#events = [];
    this.#unsaved = [];
  }
}
