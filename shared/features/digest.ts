/** One pass over a request: what the context and action features are computed from. */

import type { DecisionRequest } from '../decision.ts';
import { type BehaviourEvent, EVENT_NAMES, type EventName, itemsOf } from '../event.ts';
import type { Minor } from '../money.ts';
import type { Promotion } from '../promotion.ts';
import { type ProductFacts, type ProductLookup, SEQUENCE_LENGTH } from './sequence.ts';
import { factsOf } from './shown.ts';
import type { FeatureSpec } from './spec.ts';

/** A pause after which a visit counts as a new session (the usual web analytics convention). */
export const SESSION_GAP_MS = 30 * 60_000;
/** Age in seconds given to each step back where a log has an order but no times. */
const STEP_S = 60;
/** Half-life, in seconds, of the interest that a shopper's act shows. */
const INTEREST_HALF_LIFE_S = 6 * 3600;

/** How much interest one act shows in a product. Impressions (`view_item_list`) are the shop's act and show none. */
const INTEREST: Partial<Record<EventName, number>> = {
  view_item: 1,
  select_item: 1,
  dwell: 1,
  rate: 1,
  add_to_wishlist: 2,
  add_to_cart: 3,
  begin_checkout: 3,
  purchase: 2,
};

const KIND: ReadonlyMap<EventName, number> = new Map(EVENT_NAMES.map((name, kind) => [name, kind]));

/** A shopper's act on a product. */
export interface Touch {
  name: EventName;
  sku: string;
  facts: ProductFacts | undefined;
  /** What was paid or asked, else the catalogue's price. */
  price: Minor | undefined;
  paid: Minor | undefined;
  quantity: number;
  inSession: boolean;
  /** Seconds before now. */
  age: number;
  /** Decayed interest; 0 for acts that show none. */
  interest: number;
}

export interface CartLine {
  sku: string;
  quantity: number;
  price: Minor | undefined;
  facts: ProductFacts | undefined;
}

/** What features are read against: the shop's spec, products and promotions. */
export interface Surroundings {
  spec: FeatureSpec;
  products: ProductLookup;
  promotions: ReadonlyMap<string, Pick<Promotion, 'terms' | 'scope'>>;
}

/** A meeting with a promotion, or a purchase. */
export interface Encounter {
  event: BehaviourEvent;
  /** Seconds before now. */
  age: number;
  inSession: boolean;
}

export interface Digest {
  request: DecisionRequest;
  spec: FeatureSpec;
  promotions: Surroundings['promotions'];
  /** Epoch ms; the request's time, else its last event's. */
  now: number | undefined;
  history: readonly BehaviourEvent[];
  /** Place of each event's name in EVENT_NAMES. */
  kinds: Uint8Array;
  /** Seconds before now, one an event. */
  ages: Float64Array;
  /** Index of the current session's first event; history.length where the last visit is over. */
  sessionStart: number;
  /** Visits so far, the current one included. */
  sessions: number;
  touches: Touch[];
  /** Oldest first, further back than `history`: what promotions have done to a shopper outlasts what was looked at. */
  encounters: Encounter[];
  cart: CartLine[];
  cartValue: Minor;
}

/** Events back to which encounters are read: as many as are joined to a logged decision. */
export const MEMORY_LENGTH = 256;

const isEncounter = ({ name }: BehaviourEvent): boolean =>
  name === 'view_promotion' || name === 'select_promotion' || name === 'purchase';

/** Of a history, oldest first, all that features read: what a device needs to put into a request. */
export function rememberedOf(history: readonly BehaviourEvent[]): BehaviourEvent[] {
  const known = history.slice(-MEMORY_LENGTH);
  const recent = known.length - SEQUENCE_LENGTH;
  return known.filter((event, i) => i >= recent || isEncounter(event));
}

/** Now = `ts`, else the last event's time; never the wall clock (CONTRACT.md section 3). */
export function nowOf(request: DecisionRequest): number | undefined {
  return request.ts ?? request.history.findLast((event) => event.ts !== undefined)?.ts;
}

/** Reads a request once. */
export function digestOf(request: DecisionRequest, surroundings: Surroundings): Digest {
  const { spec, products, promotions } = surroundings;
  // What the session encoder reads, and a device sends; training must count the same events.
  const history = request.history.slice(-SEQUENCE_LENGTH);
  const now = nowOf(request);
  const ageOf = (event: BehaviourEvent, back: number): number =>
    now === undefined || event.ts === undefined ? back * STEP_S : Math.max(0, now - event.ts) / 1000;
  const ages = Float64Array.from(history, (event, i) => ageOf(event, history.length - i));
  const { sessionStart, sessions } = sessionsOf(history, now);
  const touches = touchesOf(history, ages, sessionStart, products);
  const cart = cartOf({ ...request, history }, products);
  const cartValue = cart.reduce((sum, line) => sum + line.quantity * (line.price ?? 0), 0);
  return {
    request,
    spec,
    promotions,
    now,
    history,
    kinds: Uint8Array.from(history, ({ name }) => KIND.get(name)!),
    ages,
    sessionStart,
    sessions,
    touches,
    encounters: encountersOf(request.history, history.length - sessionStart, ageOf),
    cart,
    cartValue,
  };
}

/** @param session how many of the last events are of the current session */
function encountersOf(
  history: readonly BehaviourEvent[],
  session: number,
  ageOf: (event: BehaviourEvent, back: number) => number,
): Encounter[] {
  const encounters: Encounter[] = [];
  for (let i = Math.max(0, history.length - MEMORY_LENGTH); i < history.length; i++) {
    const event = history[i]!;
    if (!isEncounter(event)) continue;
    const back = history.length - i;
    encounters.push({ event, age: ageOf(event, back), inSession: back <= session });
  }
  return encounters;
}

function sessionsOf(history: readonly BehaviourEvent[], now: number | undefined) {
  let sessions = 0;
  let sessionStart = 0;
  history.forEach((event, i) => {
    const before = history[i - 1];
    if (before !== undefined && sameVisit(before, event)) return;
    sessions++;
    sessionStart = i;
  });
  const last = history.at(-1);
  const over = last?.ts !== undefined && now !== undefined && now - last.ts > SESSION_GAP_MS;
  return over ? { sessions: sessions + 1, sessionStart: history.length } : { sessions, sessionStart };
}

function sameVisit(before: BehaviourEvent, event: BehaviourEvent): boolean {
  if (before.session !== undefined && event.session !== undefined) return before.session === event.session;
  if (before.ts === undefined || event.ts === undefined) return true;
  return event.ts - before.ts <= SESSION_GAP_MS;
}

function touchesOf(
  history: readonly BehaviourEvent[],
  ages: Float64Array,
  sessionStart: number,
  products: ProductLookup,
): Touch[] {
  const touches: Touch[] = [];
  history.forEach((event, i) => {
    const { name } = event;
    if (name === 'view_item_list' || name === 'view_promotion') return;
    const interest = (INTEREST[name] ?? 0) * 2 ** (-ages[i]! / INTEREST_HALF_LIFE_S);
    for (const item of itemsOf(event)) {
      const { sku, price, quantity } = item;
      const facts = factsOf(item, products);
      touches.push({
        name,
        sku,
        facts,
        price: price ?? facts?.price,
        paid: price,
        quantity,
        inSession: i >= sessionStart,
        age: ages[i]!,
        interest,
      });
    }
  });
  return touches;
}

/** The cart the page gave, else the one the events left behind. */
export function cartOf(
  { cart, history }: { cart?: DecisionRequest['cart']; history: readonly BehaviourEvent[] },
  products: ProductLookup,
): CartLine[] {
  if (cart !== undefined) {
    return cart.map((item) => {
      const { sku, quantity, price } = item;
      const facts = factsOf(item, products);
      return { sku, quantity, price: price ?? facts?.price, facts };
    });
  }
  const lines = new Map<string, CartLine>();
  for (const event of history) {
    if (event.name === 'purchase') lines.clear();
    const sign = event.name === 'add_to_cart' ? 1 : event.name === 'remove_from_cart' ? -1 : 0;
    if (sign === 0) continue;
    for (const item of itemsOf(event)) {
      const { sku, quantity, price } = item;
      const held = lines.get(sku);
      const facts = factsOf(item, products) ?? held?.facts;
      const left = (held?.quantity ?? 0) + sign * quantity;
      if (left > 0)
        lines.set(sku, { sku, quantity: left, price: price ?? held?.price ?? facts?.price, facts });
      else lines.delete(sku);
    }
  }
  return [...lines.values()];
}
