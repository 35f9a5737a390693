/** One-bit private reports: when, about what, and only while the shopper agrees. The helper does the rest. */

import type { BehaviourEvent } from '../../shared/event.ts';
import type { ConsentState } from '../api.ts';
import type { Helper } from './helper.ts';
import { post } from './post.ts';
import type { DecisionRecord } from './record.ts';
import type { Releases } from './release.ts';

export interface ReporterOptions {
  url: string;
  outcomeMs: number;
  releases: Releases;
  helper: Helper;
  /** The device's own memory: decisions, and everything that happened. */
  decisions(): Promise<DecisionRecord[]>;
  events(): Promise<BehaviourEvent[]>;
  /** Epoch milliseconds. */
  now(): number;
  failed(error: unknown): void;
}

export class Reporter {
  consent: ConsentState = 'pending';
  #next = 0;
  #busy = false;

  constructor(readonly options: ReporterOptions) {}

  /** Runs on a clock, never on an act. While a canary is out every device that agreed reports once a week. */
  async turn(): Promise<void> {
    const { releases, helper, now, failed } = this.options;
    const { trial } = releases;
    if (this.consent !== 'granted' || trial === undefined || this.#busy || now() < this.#next) return;
    this.#busy = true;
    try {
      this.#next = (await helper.use((api) => api.nextReport(now()))) ?? Number.POSITIVE_INFINITY;
      if (now() >= this.#next) await this.#report(trial);
    } catch (error) {
      failed(error);
    } finally {
      this.#busy = false;
    }
  }

  async #report(trial: NonNullable<Releases['trial']>): Promise<void> {
    const { releases, helper, now, url, outcomeMs, decisions, events } = this.options;
    const running = releases.current?.manifest.version;
    // Fetched by every device outside the canary, whatever it did: its weight needs the candidate's policy.
    const candidate = running === trial.version ? undefined : await releases.firstGroup(trial);
    const ask = {
      ...{ release: trial.version, running, outcomeMs },
      ...{ decisions: await decisions(), events: await events(), ...(candidate && { candidate }) },
    };
    const body = await helper.use((api) => api.prepareReport(ask, now()));
    // Consent may have gone while it was prepared; what was spent stays spent.
    if (body === undefined || this.consent !== 'granted') return;
    await post(url, body);
  }
}
