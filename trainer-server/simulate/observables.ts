/** What can be read off a request, generously, for the oracle's regression. Nothing hidden is within reach here. */

import type { DecisionRequest } from '../../shared/decision.ts';
import { type BehaviourEvent, EVENT_NAMES, type EventItem, itemsOf } from '../../shared/event.ts';
import { PROMOTION_TYPES } from '../../shared/promotion.ts';
import { type Catalogue, wordsOf } from './catalogue.ts';
import { isPeak } from './response.ts';
import type { World } from './world.ts';

const HOUR_MS = 3_600_000;
const SESSION_GAP_MS = HOUR_MS / 2;
const DAY_MS = 24 * HOUR_MS;

/** What of a world is public: its catalogue and promotions, and which texts and attribute values there are. */
export interface Observer {
  world: Pick<World, 'catalogue' | 'promotions' | 'scopes' | 'indexOf' | 'shop' | 'typicalBasket'>;
  catalogueWords: ReadonlySet<string>;
  /** Values of each category attribute, gathered from requests. */
  values: ReadonlyMap<string, readonly string[]>;
}

export function observerOf(world: World, requests: readonly DecisionRequest[]): Observer {
  const { products } = world.catalogue;
  const words = products.flatMap(({ title, category }) =>
    [title, ...category].flatMap((text) => wordsOf(text)),
  );
  const values = new Map<string, string[]>();
  for (const [name, kind] of Object.entries(world.shop.attributes)) {
    if (kind !== 'category') continue;
    const seen = new Set(requests.map(({ attributes }) => String(attributes?.[name])));
    values.set(name, [...seen].sort().slice(0, 12));
  }
  return { world, catalogueWords: new Set(words), values };
}

/** Fixed length for an observer. */
export function observe(observer: Observer, request: DecisionRequest): Float32Array {
  const { history } = request;
  const now = request.ts ?? history.at(-1)?.ts ?? 0;
  const session = history.slice(sessionStart(history, now));
  return Float32Array.from([
    ...slotAndTime(observer, request, now),
    ...behaviour(history, now),
    ...behaviour(session, now),
    ...products(observer, history),
    ...products(observer, session),
    ...cart(observer, request.cart ?? []),
    ...scopes(observer, history, session, request.cart ?? []),
    ...promotions(observer, history, now),
    ...texts(observer, history),
    ...attributes(observer, request),
  ]);
}

function sessionStart(history: readonly BehaviourEvent[], now: number): number {
  let from = history.length;
  let after = now;
  while (from > 0 && after - history[from - 1]!.ts! < SESSION_GAP_MS) after = history[--from]!.ts!;
  return from;
}

function slotAndTime({ world }: Observer, { slot }: DecisionRequest, now: number): number[] {
  const date = new Date(now);
  return [
    ...world.shop.slots.map((name) => (name === slot ? 1 : 0)),
    date.getUTCHours(),
    date.getUTCDay(),
    date.getUTCDate(),
    isPeak(now) ? 1 : 0,
    now / DAY_MS,
  ];
}

/** Counts by kind, rates between kinds, ages. Rates start from one act in ten, so that one view is no certainty. */
function behaviour(events: readonly BehaviourEvent[], now: number): number[] {
  const count: Record<string, number> = Object.fromEntries(EVENT_NAMES.map((name) => [name, 0]));
  const last: Record<string, number> = {};
  let dwell = 0;
  let sessions = 0;
  let before = 0;
  for (const { name, ts = 0, dwellMs = 0 } of events) {
    count[name]!++;
    last[name] = ts;
    dwell += dwellMs;
    if (ts - before > SESSION_GAP_MS) sessions++;
    before = ts;
  }
  const views = count.view_item!;
  const rate = (part: number, whole: number): number => (part + 0.2) / (whole + 2);
  return [
    ...EVENT_NAMES.map((name) => count[name]!),
    events.length,
    sessions,
    events.length === 0 ? 0 : Math.log1p((now - events[0]!.ts!) / 60_000),
    events.length === 0 ? 0 : Math.log1p((now - events.at(-1)!.ts!) / 1000),
    rate(count.dwell!, views),
    rate(count.select_item!, views),
    rate(count.add_to_wishlist!, views),
    rate(count.search!, views),
    rate(count.begin_checkout!, count.add_to_cart!),
    rate(count.remove_from_cart!, count.begin_checkout!),
    rate(views, sessions),
    rate(count.select_promotion!, count.view_promotion!),
    rate(count.begin_checkout!, sessions),
    dwell / (1 + count.dwell!) / 1000,
    last.purchase === undefined ? 99 : (now - last.purchase) / DAY_MS,
    last.refund === undefined ? 99 : (now - last.refund) / DAY_MS,
  ];
}

/** Prices and breadth of what was looked at. */
function products({ world }: Observer, events: readonly BehaviourEvent[]): number[] {
  const { catalogue } = world;
  const rows = viewedRows(catalogue, events);
  const bought = events.filter(({ name }) => name === 'purchase');
  const groups = new Map<number, number>();
  for (const row of rows) groups.set(catalogue.group[row]!, (groups.get(catalogue.group[row]!) ?? 0) + 1);
  const mean = (value: (row: number) => number, empty: number): number =>
    rows.length === 0 ? empty : rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
  return [
    mean((row) => catalogue.priceRank[row]!, 0.5),
    mean((row) => catalogue.reduced[row]!, 0.15),
    mean((row) => Math.log(catalogue.price[row]!), Math.log(catalogue.typicalPrice)),
    rows.length === 0 ? -1 : Math.log(catalogue.price[rows.at(-1)!]!),
    rows.reduce((least, row) => Math.min(least, catalogue.priceRank[row]!), 1),
    rows.length === 0 ? 0 : Math.max(...groups.values()) / rows.length,
    groups.size,
    rows.length === 0 ? 0 : new Set(rows).size / rows.length,
    bought.reduce((sum, { value = 0 }) => sum + value, 0) / (1 + bought.length),
    bought.reduce((sum, { items = [] }) => sum + items.length, 0) / (1 + bought.length),
  ];
}

function viewedRows(catalogue: Catalogue, events: readonly BehaviourEvent[]): number[] {
  return events.flatMap((event) =>
    event.name === 'view_item' || event.name === 'add_to_cart'
      ? itemsOf(event).flatMap(({ sku }) => catalogue.rowOf.get(sku) ?? [])
      : [],
  );
}

function cart({ world }: Observer, items: readonly EventItem[]): number[] {
  const prices = items.flatMap(({ sku }) => world.catalogue.price[world.catalogue.rowOf.get(sku)!] ?? []);
  const value = valueOfCart(world.catalogue, items);
  const units = items.reduce((sum, { quantity }) => sum + quantity, 0);
  return [
    items.length,
    units,
    value,
    value / world.typicalBasket,
    Math.min(...prices, 1e9),
    Math.max(...prices, 0),
  ];
}

function valueOfCart(catalogue: Catalogue, items: readonly EventItem[], mask?: Uint8Array): number {
  return items.reduce((sum, { sku, quantity }) => {
    const row = catalogue.rowOf.get(sku);
    return row === undefined || mask?.[row] === 0 ? sum : sum + catalogue.price[row]! * quantity;
  }, 0);
}

/** How much of what was looked at, and of the cart, each scoped promotion is about. */
function scopes(
  { world }: Observer,
  history: readonly BehaviourEvent[],
  session: readonly BehaviourEvent[],
  items: readonly EventItem[],
): number[] {
  const { catalogue } = world;
  const all = viewedRows(catalogue, history);
  const now = viewedRows(catalogue, session);
  const share = (rows: readonly number[], mask: Uint8Array): number =>
    (rows.reduce((sum, row) => sum + mask[row]!, 0) + 0.1) / (rows.length + 1);
  return world.promotions.flatMap(({ terms }, at) => {
    const mask = world.scopes[at];
    if (terms.type === 'bundle') {
      const wanted = new Set(terms.skus.map((sku) => catalogue.rowOf.get(sku)));
      return [
        now.filter((row) => wanted.has(row)).length,
        items.filter(({ sku }) => terms.skus.includes(sku)).length,
      ];
    }
    return mask === undefined
      ? []
      : [share(all, mask), share(now, mask), valueOfCart(catalogue, items, mask), share(now.slice(-2), mask)];
  });
}

/** What was shown before, and what was made of it. */
function promotions({ world }: Observer, history: readonly BehaviourEvent[], now: number): number[] {
  const shown = new Float64Array(PROMOTION_TYPES.length);
  const selected = new Float64Array(PROMOTION_TYPES.length);
  const used = new Float64Array(PROMOTION_TYPES.length);
  let exposure = 0;
  let depth = 0;
  let full = 0;
  for (const { name, promotion, ts = 0 } of history) {
    const at = world.indexOf.get(promotion ?? '');
    if (name === 'purchase' && at === undefined) full++;
    if (at === undefined) continue;
    const { terms } = world.promotions[at]!;
    const type = PROMOTION_TYPES.indexOf(terms.type);
    if (name === 'view_promotion') {
      shown[type]!++;
      exposure += 0.5 ** ((now - ts) / (3 * DAY_MS));
      if ('percent' in terms) depth += (terms.percent ?? 0) / 100;
    } else if (name === 'select_promotion') selected[type]!++;
    else if (name === 'purchase') used[type]!++;
  }
  return [exposure, depth, full, ...shown, ...selected, ...used];
}

/** Searches, and those with words that no product has: a wish rather than a thing. */
function texts({ catalogueWords }: Observer, history: readonly BehaviourEvent[]): number[] {
  const queries = history.flatMap(({ query }) => (query === undefined ? [] : [wordsOf(query)]));
  const wishes = queries.filter((words) => words.some((word) => !catalogueWords.has(word)));
  return [wishes.length, (wishes.length + 0.3) / (queries.length + 1)];
}

function attributes({ world, values }: Observer, request: DecisionRequest): number[] {
  return Object.entries(world.shop.attributes).flatMap(([name, kind]) => {
    const value = request.attributes?.[name];
    if (kind === 'category') return (values.get(name) ?? []).map((known) => (known === value ? 1 : 0));
    return [Number(value ?? -1)];
  });
}
