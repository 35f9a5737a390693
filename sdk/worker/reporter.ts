/** One-bit private reports: when, about what, and only while the shopper agrees. The helper does the rest. */

import type { BehaviourEvent } from '../../shared/event.ts';
import type { ConsentState } from '../api.ts';
import { REQUEST } from '../start-file.ts';
import type { Helper } from './helper.ts';
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

/** A report speaks of decisions of this long. */
const PERIOD_MS = 7 * 86_400_000;

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
    const { releases, helper, now, url } = this.options;
    // Fetched by every device outside the canary, whatever it did: its weight needs the candidate's policy.
    const inside = releases.current?.manifest.version === trial.version;
    const candidate = inside ? undefined : await releases.firstGroup(trial);
    const decisions = await this.#decisions();
    const ask = { release: trial.version, decisions, ...(candidate && { candidate }) };
    const body = await helper.use((api) => api.prepareReport(ask, now()));
    // Consent may have gone while it was prepared; what was spent stays spent.
    if (body === undefined || this.consent !== 'granted') return;
    const headers = { 'content-type': 'text/plain' };
    await fetch(url, { ...REQUEST, method: 'POST', headers, body });
  }

  /** Of the running release and the last week, with closed windows. */
  async #decisions() {
    const { decisions, events, now, outcomeMs, releases } = this.options;
    const version = releases.current?.manifest.version;
    const purchases = (await events()).filter(({ name }) => name === 'purchase');
    return (await decisions())
      .filter(({ release, ts }) => release === version && ts >= now() - PERIOD_MS && ts <= now() - outcomeMs)
      .map(({ request, decision: { action, propensity }, ts }) => ({
        ...{ request, action, propensity },
        bought: purchases.some((event) => event.ts! >= ts && event.ts! < ts + outcomeMs),
      }));
  }
}
