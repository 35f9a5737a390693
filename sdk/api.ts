/** What a shop sees of the SDK: its types, without code. */

import type { PublicPromotion } from '../shared/bundle.ts';
import type { Decision, Reason } from '../shared/decision.ts';
import type { Tier } from '../shared/engine.ts';
import type { DecisionExplanation } from '../shared/explain/explain-decision.ts';
import type { Attributes } from '../shared/read.ts';
import type { Because } from '../shared/recommend/cross.ts';

declare global {
  /**
   * A shop's own names, once `promo-edge types` has declared them: its slots, promotions and attributes. While it
   * is empty, names are strings.
   */
  interface PromoEdgeSite {}
}

type Named<K extends string, Otherwise> = PromoEdgeSite extends Record<K, infer Names> ? Names : Otherwise;

/** Any name, or one of the shop's own once `promo-edge types` has declared them. */
export type SlotName = Named<'slot', string>;
/** As in `promotions.json`; one of the shop's own once they are declared. */
export type PromotionId = Named<'promotion', string>;
/** A promotion, or 'none'. */
export type Action = PromotionId | 'none';
/** What the shop tells of a visit, by the names in `shop.json`: strings, numbers and booleans. */
export type SiteAttributes = Named<'attributes', Attributes>;

export type ConsentState = 'pending' | 'granted' | 'denied';

/**
 * `personalization`: whether behaviour may be kept and used on this device (pending: in memory only).
 * `measurement`: whether decisions and what followed may be sent to the trainer.
 * `reports`: whether one randomized bit a week may be sent to the trainer.
 * Only 'granted' sends. 'denied' erases what waits to be sent; 'pending' lets it wait.
 */
export interface Consent {
  personalization: ConsentState;
  measurement: ConsentState;
  reports: ConsentState;
}

export interface Options {
  /** Which shop's releases to use. */
  siteKey: string;
  /** Origin of the trainer or of the CDN in front of it. */
  endpoint: string;
  /** Ed25519 public keys in hex that may sign releases. */
  keys: readonly string[];
  /** How many of them must have signed. Default 1. */
  threshold?: number;
  /** State of `personalization` before the first setConsent. Default 'granted'. The other purposes start pending. */
  consent?: ConsentState;
  /** A consent tool to listen to: 'tcf' or 'googleConsentMode'. Until it speaks, nothing is stored. Default none. */
  consentFrom?: string;
  /** What to listen to, by name. Default none. */
  sources?: readonly string[];
  /** Says in the dataLayer which promotions were seen and taken, while measurement is granted. Default false. */
  announce?: boolean;
  /** 'slots' hides a `<promo-slot>` until it is decided, for `timeout` at most. */
  antiFlicker?: 'slots' | 'off';
  /** Milliseconds until a decision falls back to the default. Default 200. */
  timeout?: number;
  /** Origins, besides the page's own, that promotions may link to. */
  linkOrigins?: readonly string[];
  /** Whether ONNX Runtime may be loaded when idle, where the release brings graphs for it. Default false. */
  ort?: boolean;
  /** Milliseconds between two looks for a new release. Default 5 minutes. */
  pollMs?: number;
  /** Milliseconds after a decision during which what happens is its outcome. Default 30 minutes. */
  outcomeMs?: number;
  /** Milliseconds between two sendings of consented trajectories. Default 1 minute. */
  reportMs?: number;
  /** Whether to ask for grants, by which promotions can be claimed. Default false. */
  grants?: boolean;
  /**
   * Whether this device may learn from how its own shopper answered offers, where the release has devices learn; what
   * it learns stays on it. Default 'on'.
   */
  adapt?: 'on' | 'off';
  /** Writes what happens to the console. */
  debug?: boolean;
}

/** GA4 names (`items[].item_id`, `search_term`, ...) or ours (`items[].sku`, `query`, ...); money in major units. */
export type EventProps = Record<string, unknown>;

export interface DecideOptions {
  cart?: readonly { sku: string; quantity?: number; price?: number }[];
  /** The product on the page, where it was not tracked as viewed. */
  product?: string;
  attributes?: SiteAttributes;
  /** For promotions that ask for a segment or a language. Default: none, and the shop's locale. */
  segments?: string[];
  locale?: string;
  /** Promotions that the shopper is not interested in, beside those that `dismiss` was told: never shown. */
  dismissed?: string[];
  /** Promotions that the page shows already, in other slots: not shown again. */
  shown?: readonly string[];
  /** Promotion ids that the shop's own rules allow; `none` where nothing may be shown. */
  eligible?: readonly Action[];
  /** Action of the default decision. Default 'none'. */
  fallback?: Action;
  timeout?: number;
}

/** A promotion's words, picked for the shop's locale. Plain text: put it on the page as text. */
export interface Creative {
  title: string;
  text: string;
  /** What a button or link says. */
  action?: string;
  /** Checked against the allowed origins. */
  url?: string;
  /** A data: image; anything else would tell a server what was chosen. */
  image?: string;
  /** What the law of the shop's region asks to be said beside a price that was chosen from personal data. */
  disclosure?: string;
}

export interface SlotDecision extends Omit<Decision, 'id'> {
  id: string;
  slot: string;
  /** 'default': no policy could decide in time; its reason says why. */
  source: 'policy' | 'default' | 'override';
  tier?: Tier;
  release?: number;
  promotion?: PublicPromotion;
  creative?: Creative;
}

export interface RecommendOptions {
  /** Default 8. */
  k?: number;
  /** Sku of the product beside which they stand. Nothing, until the release is here in full. */
  anchor?: string;
  /**
   * What goes with these skus, instead of what comes next: complements, not substitutes, nothing bought before, as the
   * shop's stated relations allow.
   */
  cart?: readonly string[];
  /** With `cart`: id of the promotion that was decided for this shopper; the joint price takes it off. */
  promotion?: string;
}

export interface Recommended {
  sku: string;
  score: number;
  title?: string;
  price?: number;
  /** In the shop's language; absent where something is searched, and before the release is here in full. */
  reasons?: string[];
  /**
   * The reasons without words, `{code, sku?}`, for pages in other languages: `goes-with`, `bought-together`, `replaces`
   * or `likely`, and the sku that it is said of.
   */
  because?: Because[];
}

export interface Recommendation {
  /** Best first. */
  items: Recommended[];
  /** With `cart`: products that belong together, at what the till takes for them. */
  bundle?: { skus: string[]; price: number; apart: number; promotion?: string };
}

export interface Explanation {
  id: string;
  slot: string;
  ts: number;
  action: string;
  propensity: number;
  /** Expected reward by promotion, in the log's own unit. */
  values: Record<string, number>;
  /** By eligible promotion, in the order of `eligible`. */
  probabilities?: number[];
  eligible?: string[];
  reasons: Reason[];
  tier: Tier;
  release: number;
  /** How many events the policy read. */
  events: number;
  ms: number;
  /**
   * What each group of facts about the shopper adds to the lead over the next best (exact Shapley values, computed on
   * the device). Absent until the whole release is here, where there was no choice, and for decisions of another release.
   */
  why?: DecisionExplanation;
  /** The promotion's words in the page's language, where it has any and this release still knows it. */
  creative?: Creative;
}

export interface Outcome {
  /** Id of the decision; the last exposed one where absent. */
  decision?: string;
  [field: string]: unknown;
}

/** A promotion that the shopper took, or why they could not. */
export interface Claim {
  promotion: string;
  /** What they type or carry to the till. */
  code?: string;
  /** Epoch milliseconds, by the server's clock. */
  expires?: number;
  /** Stable: `budget-exhausted`, `group-taken`, `network`... */
  refused?: string;
}

/** What the private reports have cost: at most `lifetime` epsilon, ever (`shared/privacy/ledger.ts`). */
export interface PrivacyLedger {
  /** When the shopper first agreed, epoch ms. */
  since?: number;
  /** Every report ever prepared, oldest first. */
  spent: { at: number; release: number; epsilon: number }[];
  lifetime: number;
  /** When the next one may go, epoch ms; absent where none may. */
  next?: number;
}

/** A request of the SDK's, from the browser's own record. */
export interface SentRequest {
  url: string;
  /** Epoch ms. */
  at: number;
  /** Of the answer as it travelled; 0 where it came from a cache or the browser does not say. */
  bytes: number;
}

export interface Ready {
  /** Absent where no release could be used: every decision is then the default. */
  tier?: Tier;
  /** Version of the release. */
  release?: number;
  /** Milliseconds from the loader's start. */
  ms: number;
}

export interface Events {
  ready: Ready;
  release: { version: number };
  decision: SlotDecision;
  exposure: { id: string };
  outcome: Outcome;
  claim: Claim;
  consent: Consent;
  error: { message: string };
}

export interface PromoEdge {
  readonly version: string;
  /** Resolves when the first release can decide, or when it is known that none can. Never rejects. */
  ready(): Promise<Ready>;
  setConsent(consent: Partial<Record<keyof Consent, ConsentState | boolean>>): void;
  track(name: string, props?: EventProps): void;
  /** Always resolves, within `timeout`. */
  decide(slot: SlotName, options?: DecideOptions): Promise<SlotDecision>;
  /**
   * Several slots of one page view in one go, in this order: no promotion twice. Each decision's `eligible` is what was
   * left, so that its propensity is exact.
   */
  decideAll(slots: readonly SlotName[], options?: DecideOptions): Promise<SlotDecision[]>;
  recommend(slot: SlotName, options?: RecommendOptions): Promise<Recommendation>;
  search(query: string, options?: { k?: number }): Promise<Recommendation>;
  /** The shopper has seen the decision. `<promo-slot>` says so itself. */
  exposed(id: string): void;
  outcome(outcome: Outcome): void;
  /**
   * Takes a promotion for the shopper, on their act alone: it is the one thing that tells the server of it.
   * @param subject the shop's signed word for who is logged in
   */
  claim(promotion: string, options?: { subject?: string }): Promise<Claim>;
  /**
   * The name of this visit, as the server drew it with its grant: for the page to send with an order, so that the shop's
   * own server can report the order with it (`sid`) and experiments with menus can be judged. It names nobody. Undefined
   * without `grants`, and where the server could not be asked.
   */
  visit(): Promise<string | undefined>;
  /** The shopper is not interested: it is not shown again, in no tab, until `forget`. Kept on the device alone. */
  dismiss(promotion: string): void;
  explain(id: string): Promise<Explanation | undefined>;
  /** Everything that is kept on this device, as JSON. */
  exportData(): Promise<unknown>;
  /** Erases everything that is kept on this device, the release included, and what other tabs hold. */
  forget(): Promise<void>;
  /** Undefined where this device can keep no ledger, and so sends no private report. */
  privacyLedger(): Promise<PrivacyLedger | undefined>;
  /** Every request that the SDK has made since the page was opened, newest last: what left this browser. */
  requests(): Promise<SentRequest[]>;
  /**
   * Forces a slot's action (null: no longer), for looking at it. Such decisions are not logged.
   * @param promotion where the release does not know it, such as a draft
   */
  override(slot: SlotName, action: Action | null, promotion?: PublicPromotion): void;
  on<E extends keyof Events>(event: E, listener: (detail: Events[E]) => void): () => void;
  destroy(): void;
  /** The command queue: runs `command` with this object. */
  push(command: (edge: PromoEdge) => void): void;
}
