/** Decisions remembered on the device, and the sending of those that the shopper consented to. */

import type { BehaviourEvent } from '../../shared/event.ts';
import { LARGEST_BATCH } from '../../shared/feedback.ts';
import type { ConsentState, Outcome } from '../api.ts';
import { madeUp } from './made-up.ts';
import { post } from './post.ts';
import type { DecisionRecord } from './record.ts';
import { RETENTION, type Store } from './store.ts';

/** Events kept with a decision as what followed it. */
const FOLLOWING = 200;

/** Milliseconds before earlier decisions are read: until the first decision is out, whose thread unpacks them. */
const RECALL_MS = 100;

export interface FeedbackOptions {
  url: string;
  outcomeMs: number;
  store: Store;
  now(): number;
  /** Undefined while no release has said it: then nothing is sent yet. */
  currency(): string | undefined;
  /** What is sent of these records. @throws where the helper, which writes it, cannot */
  batch(records: readonly DecisionRecord[], visitor: string, currency: string): Promise<string>;
  failed(error: unknown): void;
}

export class Feedback {
  #records = new Map<string, DecisionRecord>();
  #measurement: ConsentState = 'pending';
  #keeping: ConsentState = 'pending';
  /** What earlier pages decided. Many hundred kilobytes, and no decision waits for them. */
  #earlier: Promise<void> = Promise.resolve();
  /** What happened while they were not here yet. */
  #missed: BehaviourEvent[] | undefined;
  /** How often. */
  #forgotten = 0;
  #unsaved = new Map<string, DecisionRecord>();
  #saving: Promise<void> | undefined;
  #sending: AbortController | undefined;

  constructor(readonly options: FeedbackOptions) {}

  /**
   * Denied measurement empties the queue, stops what is on its way and forgets the device's name: what was not sent
   * never is. Pending lets the queue wait.
   */
  async setConsent(personalization: ConsentState, measurement: ConsentState): Promise<void> {
    const starting = this.#keeping !== 'granted' && personalization === 'granted';
    this.#keeping = personalization;
    this.#measurement = measurement;
    if (personalization === 'denied') this.forget();
    if (starting) this.#earlier = this.#recall().catch(this.options.failed);
    if (measurement === 'denied') await this.#withdraw();
  }

  async #recall(): Promise<void> {
    const asked = this.#forgotten;
    this.#missed = [];
    await new Promise((done) => setTimeout(done, RECALL_MS));
    const kept = await this.options.store.decisions();
    const missed = this.#missed;
    this.#missed = undefined;
    // Erased while they were being read.
    if (asked !== this.#forgotten) return;
    const earlier = kept.filter(({ id }) => !this.#records.has(id));
    this.#records = new Map([...earlier.map((record) => [record.id, record] as const), ...this.#records]);
    await this.#append(earlier, missed);
  }

  /** Also of records that are on the device alone, while personalization is still pending. */
  async #withdraw(): Promise<void> {
    const { store } = this.options;
    this.#sending?.abort();
    await this.#earlier;
    const kept = await store.decisions();
    const waiting = [...kept, ...this.#records.values()].filter(
      ({ consented, after }) => consented || after.length > 0,
    );
    for (const record of waiting) Object.assign(record, { consented: false, after: [] });
    await store.set('visitor', undefined);
    const durable = new Set(kept.map(({ id }) => id));
    await store.putDecisions(waiting.filter(({ id }) => durable.has(id)));
  }

  get consented(): boolean {
    return this.#measurement === 'granted';
  }

  async find(id: string): Promise<DecisionRecord | undefined> {
    if (!this.#records.has(id)) await this.#earlier;
    return this.#records.get(id);
  }

  /** Remembered at once; nobody waits for it to be written down. */
  add(record: DecisionRecord): void {
    if (this.#keeping === 'denied') return;
    this.#records.set(record.id, record);
    while (this.#records.size > RETENTION.decisions) this.drop(this.#records.keys().next().value!);
    void this.#keep([record]);
  }

  /** Of one that the shopper never saw nothing can follow. @returns whether it was there */
  drop(id: string): boolean {
    // Where the store is slower than decisions are made, what waits for it would grow without bound.
    this.#unsaved.delete(id);
    return this.#records.delete(id);
  }

  async exposed(id: string): Promise<DecisionRecord | undefined> {
    const record = await this.find(id);
    if (record === undefined || record.exposed) return undefined;
    record.exposed = true;
    await this.#keep([record]);
    return record;
  }

  /** What the shopper does next is the outcome of every decision whose window is still open. */
  async follow(event: BehaviourEvent): Promise<void> {
    if (!this.consented) return;
    this.#missed?.push(event);
    await this.#append([...this.#records.values()], [event]);
  }

  async #append(records: readonly DecisionRecord[], events: readonly BehaviourEvent[]): Promise<void> {
    if (!this.consented || events.length === 0) return;
    const open = records.filter((record) => record.consented && !this.#closed(record));
    for (const record of open) record.after = [...record.after, ...events].slice(0, FOLLOWING);
    await this.#keep(open);
  }

  /** What the shop says came of a decision: of the one named, else of the last one that was seen. */
  async outcome({ decision, ...fields }: Outcome): Promise<void> {
    await this.#earlier;
    const last = [...this.#records.values()].reverse().find((record) => record.exposed);
    const record = decision === undefined ? last : this.#records.get(decision);
    if (record === undefined) return;
    record.outcome = { ...record.outcome, ...fields };
    await this.#keep([record]);
  }

  /** Runs on a clock, never on an act. Sends closed, consented, unsent trajectories; a failure waits for the next turn. */
  async report(): Promise<void> {
    // A slow answer must not let the next turn send the same again.
    await this.#earlier;
    const { store, url, batch, failed } = this.options;
    const currency = this.options.currency();
    if (!this.consented || this.#sending || currency === undefined) return;
    const due = [...this.#records.values()]
      .filter((r) => r.consented && !r.sent && this.#closed(r))
      .slice(0, LARGEST_BATCH);
    if (due.length === 0) return;
    const sending = new AbortController();
    this.#sending = sending;
    try {
      const body = await batch(due, await madeUp(store, 'visitor', failed), currency);
      // Withdrawn since: then nothing goes, and what is going is cut off.
      const response = await post(url, body, sending.signal);
      // A batch that the server refuses as wrong (4xx) will be no better next time.
      if (response.status >= 500 || response.status === 429)
        throw new Error(`trajectories: ${response.status}`);
      for (const record of due) record.sent = true;
      await this.#keep(due);
    } catch (error) {
      if (!sending.signal.aborted) failed(error);
    } finally {
      this.#sending = undefined;
    }
  }

  forget(): void {
    this.#forgotten++;
    this.#records.clear();
    this.#unsaved.clear();
  }

  async all(): Promise<DecisionRecord[]> {
    await this.#earlier;
    return [...this.#records.values()];
  }

  #closed(record: DecisionRecord): boolean {
    return this.options.now() - record.ts >= this.options.outcomeMs;
  }

  /** @returns once they are written down */
  #keep(records: readonly DecisionRecord[]): Promise<void> {
    if (this.#keeping !== 'granted' || records.length === 0) return Promise.resolve();
    for (const record of records) this.#unsaved.set(record.id, record);
    this.#saving ??= this.#save();
    return this.#saving;
  }

  /** After the decision that is being made; what comes while a transaction is on its way shares the next one. */
  async #save(): Promise<void> {
    await new Promise((done) => setTimeout(done, 0));
    while (this.#unsaved.size > 0 && this.#keeping === 'granted') {
      const batch = [...this.#unsaved.values()];
      this.#unsaved.clear();
      await this.options.store.putDecisions(batch).catch(this.options.failed);
    }
    // Here and not in the promise's end: what comes between would never be saved.
    this.#saving = undefined;
  }
}
