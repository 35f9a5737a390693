/** What page and worker say to each other. Types only: the two sides meet nowhere else. */

import type {
  Consent,
  DecideOptions,
  EventProps,
  Explanation,
  Options,
  Outcome,
  Ready,
  Recommendation,
  RecommendOptions,
  SlotDecision,
} from './api.ts';

export interface WorkerConfig
  extends Required<
    Pick<Options, 'siteKey' | 'endpoint' | 'keys' | 'threshold' | 'ort' | 'pollMs' | 'outcomeMs' | 'reportMs'>
  > {
  consent: Consent;
  /** BCP 47, of the page. */
  locale: string;
}

/** Served by comlink. Times are epoch milliseconds; nothing here throws for the shopper's input. */
export interface WorkerApi {
  /** @returns when the first release can decide, or when it is known that none can */
  start(config: WorkerConfig): Promise<Omit<Ready, 'ms'>>;
  /** The manifest's text as the page fetched it while the worker was starting; undefined where that failed. */
  offer(manifest: string | undefined): void;
  setConsent(consent: Consent): void;
  track(name: string, props: EventProps, ts: number): void;
  decide(id: string, slot: string, options: DecideOptions): Promise<SlotDecision>;
  /** The page gave up waiting: the shopper saw the default. */
  cancel(id: string): void;
  recommend(slot: string, options: RecommendOptions): Promise<Recommendation>;
  search(query: string, options: { k?: number }): Promise<Recommendation>;
  exposed(id: string): void;
  outcome(outcome: Outcome): void;
  explain(id: string): Promise<Explanation | undefined>;
  exportData(): Promise<unknown>;
  forget(): Promise<void>;
  override(slot: string, action: string | null): void;
  /** The page is going away: write what is still in memory. */
  flush(): void;
}

/** What the worker says unasked, beside comlink's own messages. */
export type WorkerNotice =
  | { notice: 'up' }
  | { notice: 'error'; message: string }
  | { notice: 'release'; version: number };

/** Where the worker's file finds no worker around it: what it leaves on the page for the bridge to call. */
export const PAGE_HOOK = 'promo-edge.page-mode';
export type PageHook = (port: MessagePort) => void;
