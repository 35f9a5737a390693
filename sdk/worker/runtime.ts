/** The worker's side of the protocol: joins store, releases, history, decisions and feedback. */

import type { PublicPromotion } from '../../shared/bundle.ts';
import { SEQUENCE_LENGTH } from '../../shared/features/sequence.ts';
import { NONE_ID } from '../../shared/promotion.ts';
import type {
  Claim,
  Consent,
  DecideOptions,
  EventProps,
  Explanation,
  Outcome,
  PrivacyLedger,
  Ready,
  Recommendation,
  RecommendOptions,
  SentRequest,
  SlotDecision,
} from '../api.ts';
import type { AskedSlot, WorkerApi, WorkerConfig, WorkerNotice } from '../protocol.ts';
import { requestsHere } from '../requests.ts';
import type { Start } from '../start-worker.ts';
import { explanationOf } from './answer.ts';
import { keepTime } from './clock.ts';
import { Decisions } from './decisions.ts';
import { deferred } from './deferred.ts';
import { compiled } from './engines.ts';
import { exported } from './exported.ts';
import { openParts, type Parts } from './parts.ts';
import { Prefetched } from './prefetched.ts';
import type { TabWord } from './tabs.ts';
import { reached } from './timeline.ts';

export class Runtime implements WorkerApi {
  #parts = deferred<Parts>();
  /** Resolved when the first release can decide, or when it is known that none can yet. */
  #started = deferred<void>();
  #prefetched = new Prefetched();
  #consent: Consent = { personalization: 'pending', measurement: 'pending', reports: 'pending' };
  /** The newest word, which may still wait for the parts to open. */
  #said: Consent | undefined;
  #locale = 'en';
  #decisions = new Decisions({
    ready: () => this.#ready(),
    refusal: () => this.#refusal(),
    locale: () => this.#locale,
    failed: (error) => this.#failed(error),
  });
  #stop: (() => void) | undefined;

  constructor(
    readonly notify: (notice: WorkerNotice) => void,
    readonly startFile: Start,
  ) {
    reached('running');
    compiled();
  }

  async start(config: WorkerConfig, visited: boolean): Promise<Omit<Ready, 'ms'>> {
    reached('asked');
    const installed = deferred<void>();
    const parts = openParts(config, {
      visited,
      prefetched: this.#prefetched,
      notify: this.notify,
      installed: () => {
        this.#read(parts);
        installed.resolve();
      },
      keeps: () => this.#consent.personalization === 'granted',
      hear: (word) => void this.#hear(word),
      startFile: this.startFile,
      failed: this.#failed,
    });
    const { releases, serving, feedback, learned, reporter, restored, offered } = parts;
    this.#locale = config.locale;
    this.#parts.resolve(parts);
    // What was said while the parts were opening is newer than what the page started with.
    await Promise.all([this.#allow(this.#said ?? config.consent), restored]);
    reached('restored');
    // What is installed decides at once: keeping it on the device may take longer than the decision.
    if (releases.current === undefined) await Promise.race([offered, installed.promise]);
    this.#started.resolve();
    reached('ready');
    if (config.grants) void parts.claims.start();
    const stop = keepTime(config, {
      idle: () =>
        releases
          .idle()
          .then(() => serving.assist())
          .then(learned.turn)
          .catch(this.#failed),
      poll: () => releases.poll(),
      report: () => {
        feedback.report();
        reporter.turn();
      },
      ready: () => serving.now !== undefined,
    });
    this.#stop = () => {
      stop();
      parts.claims.stop();
      serving.helper.end();
    };
    const { engine, model } = serving.now ?? {};
    return engine && model ? { tier: engine.tier, release: model.release.manifest.version } : {};
  }

  offer(manifest: string | undefined, coming: readonly string[]): void {
    this.#prefetched.offer(manifest, coming);
  }

  deliver(sha256: string, bytes: Uint8Array | undefined): void {
    this.#prefetched.deliver(sha256, bytes);
  }

  async setConsent(consent: Consent): Promise<void> {
    const { tell } = await this.#allow(consent);
    tell({ consent });
  }

  async #allow(consent: Consent): Promise<Parts> {
    this.#said = consent;
    const parts = await this.#parts.promise;
    const { history, feedback, dismissals, learned, arrivals, reporter } = parts;
    if (this.#said !== consent) return parts;
    this.#consent = consent;
    reporter.consent = consent.reports;
    if (consent.personalization === 'denied') arrivals.clear();
    feedback.setConsent(consent.personalization, consent.measurement).catch(this.#failed);
    await Promise.all([
      history.setConsent(consent.personalization).catch(this.#failed),
      dismissals.setConsent(consent.personalization).catch(this.#failed),
      learned.setConsent(consent.personalization).catch(this.#failed),
    ]);
    return parts;
  }

  async #hear(word: TabWord): Promise<void> {
    const { history, dismissals } = await this.#parts.promise;
    if ('event' in word) history.hear(word.event);
    else if ('dismissed' in word) await dismissals.add(word.dismissed, true);
    else if ('forget' in word) await this.#forgetHere();
    else {
      this.notify({ notice: 'consent', ...word.consent });
      await this.#allow(word.consent);
    }
  }

  async track(name: string, props: EventProps, ts: number): Promise<void> {
    const parts = await this.#parts.promise;
    parts.arrivals.add(name, props, ts);
    this.#read(parts);
  }

  decideAll(asked: readonly AskedSlot[], options: DecideOptions): Promise<SlotDecision[]> {
    return this.#decisions.decideAll(asked, options);
  }

  async cancel(id: string): Promise<void> {
    const { feedback } = await this.#parts.promise;
    if (!feedback.drop(id)) this.#decisions.cancel(id);
  }

  async recommend(
    _slot: string,
    { k = 8, anchor, cart, promotion }: RecommendOptions,
  ): Promise<Recommendation> {
    const { history, serving } = await this.#ready();
    if ((await this.#refusal()) !== undefined) return { items: [] };
    const events = history.recent(SEQUENCE_LENGTH);
    if (anchor !== undefined)
      events.push({ visitor: 'device', name: 'view_item', ts: Date.now(), sku: anchor });
    const general = anchor === undefined && cart === undefined;
    return serving.recommend(events, k, general, cart && { cart, promotion });
  }

  async search(query: string, { k = 20 }: { k?: number }): Promise<Recommendation> {
    const { serving } = await this.#ready();
    return (await this.#refusal()) === undefined ? serving.search(query, k) : { items: [] };
  }

  async exposed(id: string): Promise<void> {
    const { history, feedback } = await this.#parts.promise;
    const record = await feedback.exposed(id);
    if (record === undefined || record.decision.action === NONE_ID) return;
    const promotion = record.decision.action;
    history.add({ visitor: 'device', name: 'view_promotion', ts: Date.now(), promotion });
  }

  async outcome(outcome: Outcome): Promise<void> {
    const { feedback } = await this.#parts.promise;
    await feedback.outcome(outcome);
  }

  async claim(promotion: string, subject: string | undefined): Promise<Claim> {
    const { claims } = await this.#parts.promise;
    return claims.claim(promotion, subject);
  }

  async visit(): Promise<string | undefined> {
    const { claims } = await this.#parts.promise;
    return claims.visit();
  }

  async dismiss(promotion: string): Promise<void> {
    const { dismissals, tell } = await this.#parts.promise;
    tell({ dismissed: promotion });
    await dismissals.add(promotion);
  }

  async explain(id: string): Promise<Explanation | undefined> {
    const { feedback, serving } = await this.#parts.promise;
    const record = await feedback.find(id);
    if (record === undefined) return undefined;
    const why = await serving.explain(record);
    return { ...explanationOf(record, serving.now?.model, this.#locale), ...(why && { why }) };
  }

  async exportData(): Promise<unknown> {
    await this.flush();
    return exported(await this.#parts.promise, this.#consent);
  }

  async forget(): Promise<void> {
    const { history, tell } = await this.#forgetHere();
    await history.forget();
    tell({ forget: true });
  }

  async #forgetHere(): Promise<Parts> {
    const parts = await this.#parts.promise;
    parts.arrivals.clear();
    parts.feedback.forget();
    parts.claims.forget();
    parts.dismissals.forget();
    parts.learned.forget();
    parts.history.forgetHere();
    return parts;
  }

  async privacyLedger(): Promise<PrivacyLedger | undefined> {
    const { serving } = await this.#parts.promise;
    return serving.helper.ask((api) => api.ledger());
  }

  async requests(ofPage: readonly SentRequest[]): Promise<SentRequest[]> {
    const { endpoint } = (await this.#parts.promise).releases.options;
    return [...ofPage, ...requestsHere(endpoint)].sort((a, b) => a.at - b.at);
  }

  async override(slot: string, action: string | null, promotion: PublicPromotion | undefined): Promise<void> {
    this.#decisions.override(slot, action, promotion);
  }

  async flush(): Promise<void> {
    const { history, arrivals, serving } = await this.#parts.promise;
    arrivals.drain(serving);
    await history.flush();
  }

  /** Where it runs on the page: after it nothing goes out. */
  end(): void {
    this.#stop?.();
  }

  /** The parts, once the first release can decide, or none: it reads what has happened when it comes. */
  async #ready(): Promise<Parts> {
    const parts = await this.#parts.promise;
    await this.#started.promise;
    return parts;
  }

  /** What has happened so far, as soon as a release says in which currency. */
  #read({ arrivals, serving }: Parts): void {
    if (serving.currency !== undefined) arrivals.drain(serving);
  }

  async #refusal(): Promise<string | undefined> {
    if (this.#consent.personalization === 'denied') return 'consent';
    const { releases, serving } = await this.#parts.promise;
    return releases.refusal() ?? (serving.now === undefined ? 'no-release' : undefined);
  }

  readonly #failed = (error: unknown): void => {
    this.notify({ notice: 'error', message: error instanceof Error ? error.message : String(error) });
  };
}
