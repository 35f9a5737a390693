/** The helper's side of the protocol. */

import type { DecisionRequest } from '../../shared/decision.ts';
import type { Engine, Tier } from '../../shared/engine.ts';
import type { BehaviourEvent, EventItem, PackedVector } from '../../shared/event.ts';
import { type DecisionExplanation, explainDecision } from '../../shared/explain/explain-decision.ts';
import { type SessionInput, sequenceOf } from '../../shared/features/sequence.ts';
import { compileKernels } from '../../shared/kernels/compile.ts';
import { jsEngineFromFirst } from '../../shared/kernels/js-engine.ts';
import { engineFromFirst } from '../../shared/kernels/kernel-engine.ts';
import { nextReportAt, PRIVACY_LIMITS } from '../../shared/privacy/ledger.ts';
import { REPORT_EPSILON } from '../../shared/privacy/report.ts';
import { spreadBaskets } from '../../shared/recommend/spread.ts';
import type { PrivacyLedger, Recommendation } from '../api.ts';
import { type Model, openModel } from '../model.ts';
import type { Beside, HelperApi, HelperEngine, HelperRelease, Learned, ReportAsk } from '../protocol.ts';
import { openStore, type Store } from '../worker/store.ts';
import { learnHere } from './learn.ts';
import { readLedger } from './ledger.ts';
import { type EncodeText, openText } from './open-text.ts';
import { openOrt } from './ort.ts';
import { openPlacing, type PlaceProduct } from './place-product.ts';
import { openRanking, type Ranking } from './ranking.ts';
import { nextReport, prepareReport } from './report.ts';
import { trajectoryBatch } from './trajectories.ts';

export class Assistant implements HelperApi {
  #engine: Engine | undefined;
  #explaining: Engine | undefined;
  /** Encodes what somebody looked at, for the ranking; opened at the first one. */
  #encoding: Promise<Engine> | undefined;
  #model: Model | undefined;
  #ranking: Ranking | undefined;
  /** Opened when a page first shows a product that the release does not know. */
  #placing: Promise<PlaceProduct | undefined> | undefined;
  /** Opened when something is to be read: a new product's title, or a query where meaning counts. */
  #text: Promise<EncodeText | undefined> | undefined;
  #store: Promise<Store> | undefined;

  /** @throws BadInput where the release's files do not fit each other */
  async load(release: HelperRelease, wanted?: HelperEngine): Promise<Tier | undefined> {
    const model = openModel(release);
    const engine = wanted && (await openEngine(model, wanted));
    const ranking = await openRanking(model);
    this.#engine?.dispose();
    this.#engine = engine;
    this.#model = model;
    this.#explaining = undefined;
    this.#encoding = undefined;
    this.#placing = undefined;
    this.#text = undefined;
    this.#ranking = ranking;
    return engine?.tier;
  }

  async recommend(history: readonly BehaviourEvent[], k: number, beside?: Beside): Promise<Recommendation> {
    const ranking = this.#loaded(this.#ranking);
    const state = await this.#stateAfter(history);
    return beside === undefined
      ? ranking.recommend(history, state, k)
      : ranking.complete(beside, history, state, k, Date.now());
  }

  async search(query: string, k: number): Promise<Recommendation> {
    const ranking = this.#loaded(this.#ranking);
    return ranking.search(query, k, ranking.searchesByMeaning ? await this.#encode(query) : undefined);
  }

  async vectors(products: readonly EventItem[]): Promise<(PackedVector | undefined)[]> {
    const { release } = this.#loaded(this.#model);
    this.#placing ??= this.#opened().then((encode) => openPlacing(release, encode));
    const place = await this.#placing;
    return Promise.all(products.map((product) => place?.(product)));
  }

  /** By plain JavaScript, whatever engine decides: no decision waits behind a hundred others. */
  async explain(request: DecisionRequest, promotion: string): Promise<DecisionExplanation | undefined> {
    const model = this.#loaded(this.#model);
    this.#explaining ??= jsEngineFromFirst(model.meta, model.tensors);
    return explainDecision(request, promotion, model.decision, this.#explaining);
  }

  encodeSession(input: SessionInput): Promise<Float32Array> {
    return this.#loaded(this.#engine).encodeSession(input);
  }

  score(state: Float32Array, actions: Float32Array, count: number): Promise<Float32Array> {
    return this.#loaded(this.#engine).score(state, actions, count);
  }

  async learn(siteKey: string, now: number): Promise<Learned | undefined> {
    try {
      this.#store ??= openStore(siteKey, now);
      return this.#model && (await learnHere(this.#model, await this.#store, now));
    } catch {
      // A store that cannot be read teaches nothing; a helper that throws would be ended, its engine with it.
      this.#store = undefined;
      return undefined;
    }
  }

  // A device without Web Locks or IndexedDB keeps no ledger, and so reports nothing.
  nextReport(now: number): Promise<number | undefined> {
    return nextReport(now).catch(() => undefined);
  }

  prepareReport(ask: ReportAsk, now: number): Promise<string | undefined> {
    return prepareReport(ask, now).catch(() => undefined);
  }

  async trajectories(...batch: Parameters<typeof trajectoryBatch>): Promise<string> {
    return trajectoryBatch(...batch);
  }

  async ledger(): Promise<PrivacyLedger | undefined> {
    try {
      const ledger = await readLedger();
      const next = nextReportAt(ledger, REPORT_EPSILON);
      return { ...ledger, lifetime: PRIVACY_LIMITS.lifetime, ...(next === undefined ? {} : { next }) };
    } catch {
      return undefined;
    }
  }

  /** By the kernels where WebAssembly is allowed: the engine of decisions has them to do. */
  async #stateAfter(history: readonly BehaviourEvent[]): Promise<Float32Array | undefined> {
    const { meta, tensors, decision } = this.#loaded(this.#model);
    if (meta.session === undefined) return undefined;
    this.#encoding ??= compileKernels()
      .then((modules) => engineFromFirst(meta, tensors, modules))
      .catch(() => jsEngineFromFirst(meta, tensors));
    const input = sequenceOf(spreadBaskets(history), decision.products, meta.features.priceEdges);
    return (await this.#encoding).encodeSession(input);
  }

  #opened(): Promise<EncodeText | undefined> {
    this.#text ??= openText(this.#loaded(this.#model).release);
    return this.#text;
  }

  async #encode(text: string): Promise<Float32Array | undefined> {
    return (await this.#opened())?.(text);
  }

  /** A helper that was started again has nothing yet: its worker gives it the release once more. */
  #loaded<T>(part: T | undefined): T {
    if (part === undefined) throw new Error('helper: expected a release to have been loaded');
    return part;
  }
}

function openEngine(model: Model, { kind, endpoint }: HelperEngine): Promise<Engine | undefined> | Engine {
  return kind === 'js' ? jsEngineFromFirst(model.meta, model.tensors) : openOrt(endpoint, model);
}
