/** The shopper's events: in memory at once, in the store as soon as it has time for them, where consent allows. */

import type { BehaviourEvent } from '../../shared/event.ts';
import type { ConsentState } from '../api.ts';
import { RETENTION, type Store } from './store.ts';

/** Milliseconds after which a store that failed is tried again. */
const RETRY_MS = 1000;
/** Events held in memory: more than any feature reads. */
const HELD = 256;

export class History {
  #events: BehaviourEvent[] = [];
  #unsaved: BehaviourEvent[] = [];
  #consent: ConsentState = 'pending';
  #writing: Promise<void> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly store: Store,
    readonly failed: (error: unknown) => void,
    /** Other tabs, where what happens here may be kept. */
    readonly tell: (event: BehaviourEvent) => void = () => undefined,
  ) {}

  /** Oldest first. */
  recent(count: number): BehaviourEvent[] {
    return this.#events.slice(-count);
  }

  add(event: BehaviourEvent): void {
    if (this.#consent === 'denied') return;
    this.#events = [...this.#events, event].slice(-HELD);
    this.#unsaved = [...this.#unsaved, event].slice(-RETENTION.events);
    if (this.#consent === 'granted') this.tell(event);
    // A click that is tracked is often followed by the page that it leads to: nothing waits here for company.
    if (this.#retry === undefined) void this.flush();
  }

  /** Another tab's event, which that tab writes down. Out of order by a message's way at most. */
  hear(event: BehaviourEvent): void {
    if (this.#consent === 'granted') this.#events = [...this.#events, event].slice(-HELD);
  }

  /** Pending: memory alone, and the store is not even read. Denied: nothing is kept, and what was is erased. */
  async setConsent(consent: ConsentState): Promise<void> {
    const before = this.#consent;
    this.#consent = consent;
    if (consent === 'denied') {
      this.forgetHere();
      await this.store.eraseBehaviour();
    } else if (consent === 'granted' && before !== 'granted') {
      const earlier = await this.store.events(HELD);
      this.#events = [...earlier, ...this.#events].slice(-HELD);
      void this.flush();
    }
  }

  /** Writes what is in memory alone. Events that come while a transaction is on its way share the next one. */
  async flush(): Promise<void> {
    if (this.#consent === 'granted' && this.#unsaved.length > 0) this.#writing ??= this.#write();
    await this.#writing;
  }

  /** A store that is full or gone costs the next visit's memory, not this one's. */
  async #write(): Promise<void> {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    while (this.#consent === 'granted' && this.#unsaved.length > 0) {
      const batch = this.#unsaved;
      this.#unsaved = [];
      try {
        await this.store.addEvents(batch);
      } catch (error) {
        this.#unsaved = [...batch, ...this.#unsaved].slice(-RETENTION.events);
        this.#retry = setTimeout(() => this.flush(), RETRY_MS);
        this.failed(error);
        break;
      }
    }
    // Here and not in the promise's end: what comes between would wait for the next event.
    this.#writing = undefined;
  }

  async forget(): Promise<void> {
    this.forgetHere();
    await this.store.eraseAll();
  }

  /** In memory alone: another tab, or the caller, erases the store. */
  forgetHere(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#events = [];
    this.#unsaved = [];
  }
}
