/** Events as they arrive: read in order, once a release is here, which knows the currency. */

import type { EventProps } from '../api.ts';
import { eventOf } from './event.ts';
import type { Feedback } from './feedback.ts';
import type { History } from './history.ts';
import type { Serving } from './serving.ts';
import { RETENTION } from './store.ts';

export class Arrivals {
  #waiting: [name: string, props: EventProps, ts: number][] = [];

  constructor(
    readonly history: History,
    readonly feedback: Feedback,
    readonly failed: (error: unknown) => void,
  ) {}

  add(name: string, props: EventProps, ts: number): void {
    if (this.#waiting.length < RETENTION.events) this.#waiting.push([name, props, ts]);
  }

  clear(): void {
    this.#waiting = [];
  }

  /** @param currency undefined where the page ends before a release came: what was paid is then not known */
  drain({ currency, knows }: Pick<Serving, 'currency' | 'knows'>): void {
    for (const [name, props, ts] of this.#waiting.splice(0)) {
      try {
        const event = eventOf(name, props, ts, currency, knows);
        if (event === undefined) continue;
        this.history.add(event);
        // Counted at once; no decision waits for it to be written down.
        this.feedback.follow(event).catch(this.failed);
      } catch (error) {
        this.failed(error);
      }
    }
  }
}
