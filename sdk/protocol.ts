/** What page and worker say to each other. Types only: the two sides meet nowhere else. */

import type { PublicPromotion } from '../shared/bundle.ts';
import type { DecisionRequest } from '../shared/decision.ts';
import type { Tier } from '../shared/engine.ts';
import type { BehaviourEvent, EventItem, PackedVector } from '../shared/event.ts';
import type { DecisionExplanation } from '../shared/explain/explain-decision.ts';
import type { SessionInput } from '../shared/features/sequence.ts';
import type { FileRole, Manifest } from '../shared/manifest.ts';
import type {
  Claim,
  Consent,
  DecideOptions,
  EventProps,
  Explanation,
  Options,
  Outcome,
  PrivacyLedger,
  Ready,
  Recommendation,
  RecommendOptions,
  SentRequest,
  SlotDecision,
} from './api.ts';
import type { DecisionRecord } from './worker/record.ts';

export interface WorkerConfig
  extends Required<
    Pick<
      Options,
      | 'siteKey'
      | 'endpoint'
      | 'keys'
      | 'threshold'
      | 'ort'
      | 'pollMs'
      | 'outcomeMs'
      | 'reportMs'
      | 'grants'
      | 'adapt'
    >
  > {
  consent: Consent;
  /** BCP 47, of the page. */
  locale: string;
}

/** A decision's id, made by the page, and its slot. */
export type AskedSlot = readonly [id: string, slot: string];

/** Times are epoch milliseconds; nothing here throws for the shopper's input. */
export interface WorkerApi {
  /**
   * @param visited whether this device may keep something of ours
   * @returns when the first release can decide, or when it is known that none can
   */
  start(config: WorkerConfig, visited: boolean): Promise<Omit<Ready, 'ms'>>;
  /**
   * The manifest's text as the page fetched it while the worker was starting, undefined where that failed; and the
   * SHA-256 of the files that the page is fetching by it, which `deliver` brings.
   */
  offer(manifest: string | undefined, coming: readonly string[]): void;
  /** A file of `coming`; undefined where it could not be had. */
  deliver(sha256: string, bytes?: Uint8Array): void;
  setConsent(consent: Consent): void;
  track(name: string, props: EventProps, ts: number): void;
  decideAll(asked: readonly AskedSlot[], options: DecideOptions): Promise<SlotDecision[]>;
  /** The page gave up waiting: the shopper saw the default. */
  cancel(id: string): void;
  recommend(slot: string, options: RecommendOptions): Promise<Recommendation>;
  search(query: string, options: { k?: number }): Promise<Recommendation>;
  exposed(id: string): void;
  outcome(outcome: Outcome): void;
  claim(promotion: string, subject: string | undefined): Promise<Claim>;
  visit(): Promise<string | undefined>;
  dismiss(promotion: string): void;
  explain(id: string): Promise<Explanation | undefined>;
  exportData(): Promise<unknown>;
  forget(): Promise<void>;
  privacyLedger(): Promise<PrivacyLedger | undefined>;
  /** The page's own, and the worker's, in their order. */
  requests(ofPage: readonly SentRequest[]): Promise<SentRequest[]>;
  override(slot: string, action: string | null, promotion: PublicPromotion | undefined): void;
  /** The page is going away: write what is still in memory. */
  flush(): void;
}

/** What the worker says unasked, beside its answers. */
export type WorkerNotice =
  | { notice: 'up' }
  | { notice: 'error'; message: string }
  | { notice: 'release'; version: number }
  /** Said in another tab. */
  | ({ notice: 'consent' } & Consent);

/** A cart to complete, and the promotion that was decided for it. */
export interface Beside {
  cart: readonly string[];
  promotion?: string | undefined;
}

/**
 * Served by the helper, a second worker that the first one starts by the clock: what a first decision does without.
 * It holds a copy of the release; it may be ended and started again at any time.
 */
export interface HelperApi {
  /**
   * Takes up a release and, where asked, an engine for it.
   * @returns the engine's tier; undefined where none was asked for or the release has no graphs for it
   */
  load(release: HelperRelease, engine?: HelperEngine): Promise<Tier | undefined>;
  /**
   * @param history oldest first
   * @param beside what goes with a cart, instead of what comes next
   */
  recommend(history: readonly BehaviourEvent[], k: number, beside?: Beside): Promise<Recommendation>;
  search(query: string, k: number): Promise<Recommendation>;
  /** One a product, of what the page showed of it; undefined where the release does not say how vectors are made. */
  vectors(products: readonly EventItem[]): Promise<(PackedVector | undefined)[]>;
  /** Undefined where there was no choice. */
  explain(request: DecisionRequest, promotion: string): Promise<DecisionExplanation | undefined>;
  /** The engine's. */
  encodeSession(input: SessionInput): Promise<Float32Array>;
  score(state: Float32Array, actions: Float32Array, count: number): Promise<Float32Array>;
  /** When the next private report may go, ms; undefined where none may, or where the device can keep no ledger. */
  nextReport(now: number): Promise<number | undefined>;
  /** Spends, and gives the text to send; undefined where the ledger forbids it. */
  prepareReport(ask: ReportAsk, now: number): Promise<string | undefined>;
  /**
   * Learns from what the device keeps of this site's shopper; undefined where the release has devices learn nothing.
   * @param now epoch milliseconds
   */
  learn(siteKey: string, now: number): Promise<Learned | undefined>;
  /** The text that sends these decisions, which the shopper consented to; `visitor` was made up at consent. */
  trajectories(records: readonly DecisionRecord[], visitor: string, currency: string): Promise<string>;
  /** What this device has spent of its privacy. */
  ledger(): Promise<PrivacyLedger | undefined>;
}

/** What a device has learned of its shopper: added to the Q of this release, by promotion, in the log's own unit. */
export interface Learned {
  release: number;
  by: Record<string, number>;
}

export interface ReportAsk {
  /** Version of the candidate. */
  release: number;
  /** Its first group, where this device runs the release before it. */
  candidate?: HelperRelease;
  /** Version of the release that decides here. */
  running: number | undefined;
  /** The device's own memory: decisions, and everything that happened. */
  decisions: readonly DecisionRecord[];
  events: readonly BehaviourEvent[];
  outcomeMs: number;
}

export interface HelperRelease {
  manifest: Manifest;
  files: ReadonlyMap<FileRole, Uint8Array>;
}

export interface HelperEngine {
  /** Plain JavaScript, or ONNX Runtime. */
  kind: 'js' | 'ort';
  /** Where ONNX Runtime's files are. */
  endpoint: string;
}
