/** The worker's side of the protocol: joins store, releases, history, engine, decisions and feedback. */

import type { Engine } from '../../shared/engine.ts';
import type { BehaviourEvent } from '../../shared/event.ts';
import { NONE_ID } from '../../shared/promotion.ts';
import type {
  Consent,
  DecideOptions,
  EventProps,
  Explanation,
  Outcome,
  Ready,
  Recommendation,
  RecommendOptions,
  SlotDecision,
} from '../api.ts';
import type { WorkerApi, WorkerConfig, WorkerNotice } from '../protocol.ts';
import { creativeOf } from './creative.ts';
import { decideSlot, SEEN_EVENTS } from './decide.ts';
import { compiled, openEngine } from './engines.ts';
import { eventOf } from './event.ts';
import { Feedback, randomHex } from './feedback.ts';
import { History } from './history.ts';
import { type Model, openModel } from './model.ts';
import { openOrt } from './ort.ts';
import { Ranking } from './recommend.ts';
import type { DecisionRecord } from './record.ts';
import { type Release, Releases } from './release.ts';
import { openStore, RETENTION, type Store } from './store.ts';
import { openVerifier } from './verifier.ts';

/** Milliseconds from a first group to its idle group. A clock: a quiet moment would be behaviour. */
const IDLE_MS = 2000;
/** Milliseconds between two looks for a release while there is none. */
const IMPATIENT_MS = 15_000;

interface Parts {
  config: WorkerConfig;
  store: Store;
  history: History;
  feedback: Feedback;
  releases: Releases;
}

export class Runtime implements WorkerApi {
  #parts = deferred<Parts>();
  #offered = deferred<string | undefined>();
  /** Resolved when the first release can decide, or when it is known that none can yet. */
  #started = deferred<void>();
  #installed = deferred<void>();
  #using: { model: Model; engine: Engine; ranking?: Ranking } | undefined;
  #consent: Consent = { personalization: 'pending', measurement: 'denied' };
  #locale = 'en';
  #overrides = new Map<string, string>();
  #cancelled = new Set<string>();
  /** Events from before the first release, which knows the currency. */
  #early: [name: string, props: EventProps, ts: number][] = [];

  constructor(readonly notify: (notice: WorkerNotice) => void) {
    compiled();
  }

  async start(config: WorkerConfig): Promise<Omit<Ready, 'ms'>> {
    const { siteKey, endpoint } = config;
    const [store, verifier] = await Promise.all([openStore(siteKey, Date.now()), openVerifier(endpoint)]);
    const feedback = new Feedback({
      url: `${endpoint}/s/${siteKey}/trajectories`,
      outcomeMs: config.outcomeMs,
      store,
      now: Date.now,
      currency: () => this.#currency,
      failed: this.#failed,
    });
    const releases = new Releases({
      siteKey,
      endpoint,
      root: { keys: config.keys, threshold: config.threshold },
      store,
      verifier,
      now: Date.now,
      install: (release) => this.#install(release),
      taken: () => this.#installed.resolve(),
      failed: this.#failed,
    });
    const parts = { config, store, feedback, releases, history: new History(store, this.#failed) };
    this.#locale = config.locale;
    this.#parts.resolve(parts);
    await Promise.all([this.setConsent(config.consent), releases.restore()]);
    const first = this.#offered.promise.then((text) =>
      text === undefined ? undefined : releases.offer(text),
    );
    // What is installed decides at once: keeping it on the device may take longer than the decision.
    if (releases.current === undefined) await Promise.race([first, this.#installed.promise]);
    this.#started.resolve();
    this.#keepTime(parts);
    const { engine, model } = this.#using ?? {};
    return engine && model ? { tier: engine.tier, release: model.release.manifest.version } : {};
  }

  offer(manifest: string | undefined): void {
    this.#offered.resolve(manifest);
  }

  async setConsent(consent: Consent): Promise<void> {
    const { history, feedback } = await this.#parts.promise;
    this.#consent = consent;
    if (consent.personalization === 'denied') this.#early = [];
    try {
      await history.setConsent(consent.personalization);
      await feedback.setConsent(consent.personalization, consent.measurement);
    } catch (error) {
      this.#failed(error);
    }
  }

  async track(name: string, props: EventProps, ts: number): Promise<void> {
    await this.#parts.promise;
    this.#early.push([name, props, ts]);
    if (this.#using !== undefined) await this.#drain();
  }

  async decide(id: string, slot: string, options: DecideOptions): Promise<SlotDecision> {
    const { history, feedback } = await this.#parts.promise;
    await this.#started.promise;
    await this.#drain();
    const override = this.#overrides.get(slot);
    if (override !== undefined) return this.#overridden(id, slot, override);
    const refusal = await this.#refusal();
    if (refusal !== undefined || this.#using === undefined)
      return byDefault(id, slot, options, refusal ?? 'no-release');
    const { model, engine } = this.#using;
    const asked = {
      id,
      slot,
      options,
      history: history.recent(SEEN_EVENTS),
      ts: Date.now(),
      seed: randomHex(8),
      consented: feedback.consented,
    };
    const record = await decideSlot(asked, model, engine, () => performance.now());
    if (!this.#cancelled.delete(id)) await feedback.add(record);
    return this.#shown(record, model);
  }

  async cancel(id: string): Promise<void> {
    const { feedback } = await this.#parts.promise;
    if (feedback.find(id) === undefined) this.#cancelled.add(id);
    feedback.drop(id);
  }

  async recommend(_slot: string, { k = 8, anchor }: RecommendOptions): Promise<Recommendation> {
    const ranking = await this.#usable();
    const { history } = await this.#parts.promise;
    const events = history.recent(SEEN_EVENTS);
    if (anchor !== undefined)
      events.push({ visitor: 'device', name: 'view_item', ts: Date.now(), sku: anchor });
    return ranking?.recommend(events, k) ?? { items: [] };
  }

  async search(query: string, { k = 20 }: { k?: number }): Promise<Recommendation> {
    return (await this.#usable())?.search(query, k) ?? { items: [] };
  }

  async exposed(id: string): Promise<void> {
    const { history, feedback } = await this.#parts.promise;
    const record = await feedback.exposed(id);
    if (record === undefined || record.decision.action === NONE_ID) return;
    history.add({
      visitor: 'device',
      name: 'view_promotion',
      ts: Date.now(),
      promotion: record.decision.action,
    });
  }

  async outcome(outcome: Outcome): Promise<void> {
    const { feedback } = await this.#parts.promise;
    await feedback.outcome(outcome);
  }

  async explain(id: string): Promise<Explanation | undefined> {
    const { feedback } = await this.#parts.promise;
    const record = feedback.find(id);
    if (record === undefined) return undefined;
    const { slot, ts, decision, probabilities, request, tier, release } = record;
    const { action, propensity, values, reasons, ms } = decision;
    return {
      ...{ id, slot, ts, action, propensity, values, probabilities, reasons, tier, release, ms },
      eligible: request.eligible,
      events: request.history.length,
    };
  }

  async exportData(): Promise<unknown> {
    const { store, history, feedback, releases } = await this.#parts.promise;
    await history.flush();
    const events = store.durable && this.#consent.personalization === 'granted';
    return {
      format: 1,
      consent: this.#consent,
      events: events ? await store.events(RETENTION.events) : history.recent(RETENTION.events),
      decisions: feedback.all(),
      visitor: await store.get('visitor'),
      release: releases.current?.manifest.version,
      durable: store.durable,
    };
  }

  async forget(): Promise<void> {
    const { history, feedback } = await this.#parts.promise;
    this.#early = [];
    feedback.forget();
    await history.forget();
  }

  async override(slot: string, action: string | null): Promise<void> {
    if (action === null) this.#overrides.delete(slot);
    else this.#overrides.set(slot, action);
  }

  async flush(): Promise<void> {
    const { history } = await this.#parts.promise;
    await this.#drain();
    await history.flush();
  }

  get #currency(): string {
    return this.#using?.model.meta.shop.currency ?? 'USD';
  }

  async #install(release: Release): Promise<void> {
    if (release.manifest.mode === 'off') {
      this.#using?.engine.dispose();
      this.#using = undefined;
    } else {
      const model = openModel(release);
      const engine = await openEngine(model);
      this.#using?.engine.dispose();
      this.#using = { model, engine };
      await this.#improve(model);
    }
    this.notify({ notice: 'release', version: release.manifest.version });
  }

  /** To tier 1, once everything else is here. Tier 0 goes on where that fails. */
  async #improve(model: Model): Promise<void> {
    const { config } = await this.#parts.promise;
    const { files, manifest } = model.release;
    if (!config.ort || files.size < manifest.files.length) return;
    try {
      const better = await openOrt(config.endpoint, model);
      if (better === undefined || this.#using?.model !== model) return;
      this.#using.engine.dispose();
      this.#using = { model, engine: better };
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Everything that goes out, goes out here or at the start: by the clock, whatever the shopper does. */
  #keepTime({ config, releases, feedback }: Parts): void {
    const idle = () => setTimeout(() => releases.idle(), IDLE_MS);
    const poll = async (): Promise<void> => {
      await releases.poll();
      idle();
      look();
    };
    const look = () =>
      setTimeout(poll, this.#using === undefined ? Math.min(IMPATIENT_MS, config.pollMs) : config.pollMs);
    idle();
    look();
    setInterval(() => feedback.report(), config.reportMs);
  }

  /** What may rank now; undefined where nothing may be used. */
  async #usable(): Promise<Ranking | undefined> {
    await this.#started.promise;
    await this.#drain();
    if (this.#using === undefined || (await this.#refusal()) !== undefined) return undefined;
    this.#using.ranking ??= new Ranking(this.#using.model, this.#using.engine);
    return this.#using.ranking;
  }

  async #refusal(): Promise<string | undefined> {
    const { releases } = await this.#parts.promise;
    return this.#consent.personalization === 'denied' ? 'consent' : releases.refusal();
  }

  async #drain(): Promise<void> {
    const { history, feedback } = await this.#parts.promise;
    for (const [name, props, ts] of this.#early.splice(0)) {
      let event: BehaviourEvent | undefined;
      try {
        event = eventOf(name, props, ts, this.#currency);
      } catch (error) {
        this.#failed(error);
      }
      if (event === undefined) continue;
      history.add(event);
      await feedback.follow(event);
    }
  }

  #shown(record: DecisionRecord, model: Model): SlotDecision {
    const { id, slot, decision, tier, release } = record;
    return { ...decision, id, slot, source: 'policy', tier, release, ...this.#words(decision.action, model) };
  }

  #overridden(id: string, slot: string, action: string): SlotDecision {
    const words = this.#using === undefined ? {} : this.#words(action, this.#using.model);
    return { ...byDefault(id, slot, { fallback: action }, 'override'), source: 'override', ...words };
  }

  #words(action: string, { meta }: Model): Pick<SlotDecision, 'promotion' | 'creative'> {
    const promotion = meta.promotions.find(({ id }) => id === action);
    if (promotion === undefined) return {};
    const creative = creativeOf(promotion, this.#locale, meta.shop.locale);
    return { promotion, ...(creative === undefined ? {} : { creative }) };
  }

  readonly #failed = (error: unknown): void => {
    this.notify({ notice: 'error', message: error instanceof Error ? error.message : String(error) });
  };
}

function byDefault(id: string, slot: string, options: DecideOptions, code: string): SlotDecision {
  const action = options.fallback ?? NONE_ID;
  return { id, slot, source: 'default', action, propensity: 1, values: {}, reasons: [{ code }], ms: 0 };
}

interface Deferred<T> {
  promise: Promise<T>;
  resolve(value: T): void;
}

/** Promise.withResolvers, which browsers of before 2024 lack. */
function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
