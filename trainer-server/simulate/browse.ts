/** What a shopper does before a decision: the events from which hidden variables can be guessed, never read. */

import type { BehaviourEvent, EventItem } from '../../shared/event.ts';
import type { Random } from '../../shared/random.ts';
import { drawFromGroup, wordsOf } from './catalogue.ts';
import {
  BARGAIN,
  COLLECTOR,
  CURIOUS,
  MOTIVES,
  type Moment,
  RESOLUTE,
  SHIPPING,
  type Shopper,
} from './hidden.ts';
import type { World } from './world.ts';

/** Words for a bargain, by language: the first part of the shop's locale. */
const BARGAIN_WORDS: Readonly<Record<string, readonly string[]>> = {
  en: ['sale', 'cheap', 'discount', 'offer'],
  zh: ['特价', '打折', '优惠', '便宜'],
  de: ['angebot', 'rabatt', 'günstig'],
  fr: ['promo', 'soldes', 'pas cher'],
  es: ['oferta', 'rebajas', 'barato'],
  ja: ['セール', '割引', '安い'],
};

/** Share of acts in which a shopper is in a mood of no motive. */
const MOODLESS_SHARE = 0.3;
/** Items a list shows; lines of a large cart that make events of their own. */
const LIST_LENGTH = 6;
const MOST_CART_EVENTS = 6;

/** One session under way: where events go and what they know of it. */
export interface Visit {
  world: World;
  shopper: Shopper;
  session: string;
  group: number;
  /** Rows in the cart. */
  cart: Map<number, number>;
  random: Random;
  /** Appends at the visit's clock, which it advances. */
  emit(event: Omit<BehaviourEvent, 'visitor' | 'session' | 'ts'>): void;
  /** Lets seconds pass. */
  wait(meanSeconds: number): void;
}

/** The walk that leads to a slot. */
export function browseTo(visit: Visit, moment: Moment, first: boolean): void {
  const { shopper, random } = visit;
  const shown = shownMotives(visit);
  if (first && random.next() < 0.4) emitList(visit);
  const eagerness = Math.max(0, 1.5 + moment.intent);
  const acts = 1 + Math.floor(random.next() * (1.2 + 1.6 * eagerness) * (1.1 - 0.5 * shown[RESOLUTE]!));
  for (let act = 0; act < acts; act++) {
    const mood = random.next() < MOODLESS_SHARE ? EVEN : shown;
    if (random.next() < 0.1 + 0.3 * mood[RESOLUTE]! + 0.25 * mood[BARGAIN]!) emitSearch(visit, moment, mood);
    const row = rowToView(visit, moment, mood);
    viewProduct(visit, row, mood);
  }
  if (moment.stage > 0.2) fillCart(visit, moment, shown);
  if (moment.stage > 0.2 && visit.cart.size > 0 && random.next() < 0.08 + 0.7 * shown[SHIPPING]!)
    balkAtShipping(visit);
  if (moment.stage > 0.8 && random.next() < 0.1 + 0.5 * shown[RESOLUTE]!)
    visit.emit({ name: 'begin_checkout' });
  if (random.next() < 0.01 + 0.05 * shown[COLLECTOR]!) rateProduct(visit, shopper);
}

/** The cart as a request and a purchase carry it. */
export function itemOf(world: World, row: number, quantity: number): EventItem {
  const { products, price, priced } = world.catalogue;
  const sku = products[row]!.sku;
  return priced[row] === 1 ? { sku, quantity, price: price[row]! } : { sku, quantity };
}

const EVEN = Float64Array.from(MOTIVES, () => 1 / MOTIVES.length);

/** The motives as behaviour shows them: blurred by the world's clarity. */
function shownMotives({ world, shopper }: Visit): Float64Array {
  const { clarity } = world.parameters;
  return shopper.motives.map((weight, k) => clarity * weight + (1 - clarity) * EVEN[k]!);
}

function rowToView(visit: Visit, moment: Moment, mood: Float64Array): number {
  const { world, shopper, random } = visit;
  const { rows } = moment.plan;
  if (random.next() < 0.35 + 0.3 * mood[RESOLUTE]!) return rows[random.int(rows.length)]!;
  const thrift = shopper.thrift + 2 * mood[BARGAIN]!;
  return drawFromGroup(world.catalogue, visit.group, thrift, 4 * mood[BARGAIN]!, random);
}

function viewProduct(visit: Visit, row: number, mood: Float64Array): void {
  const { world, random } = visit;
  const { sku } = world.catalogue.products[row]!;
  if (random.next() < 0.15 + 0.3 * mood[CURIOUS]!) {
    visit.emit({ name: 'select_item', sku });
    visit.wait(3);
  }
  visit.emit({ name: 'view_item', sku });
  visit.wait(20);
  if (random.next() < 0.12 + 0.6 * mood[CURIOUS]!) {
    const seconds = 10 * Math.exp(0.5 * random.normal()) * (1 + 3 * mood[CURIOUS]!);
    visit.emit({ name: 'dwell', sku, dwellMs: Math.round(1000 * seconds) });
    visit.wait(seconds);
  }
  if (random.next() < 0.04 + 0.5 * mood[COLLECTOR]!) {
    visit.emit({ name: 'add_to_wishlist', sku });
    visit.wait(4);
  }
}

function emitList(visit: Visit): void {
  const { world, shopper, random, group } = visit;
  const size = Math.min(LIST_LENGTH, world.catalogue.groups[group]!.rows.length);
  const rows = new Set(
    Array.from({ length: size }, () => drawFromGroup(world.catalogue, group, shopper.thrift, 0, random)),
  );
  visit.emit({ name: 'view_item_list', items: [...rows].map((row) => itemOf(world, row, 1)) });
  visit.wait(8);
}

/** What is wanted by name, its category, or, for bargain hunters, the word for a bargain. */
function emitSearch(visit: Visit, moment: Moment, mood: Float64Array): void {
  const { world, random } = visit;
  const row = moment.plan.rows[random.int(moment.plan.rows.length)]!;
  const product = world.catalogue.products[row]!;
  const words = wordsOf(product.title);
  const from = random.int(Math.max(1, words.length - 1));
  const titled = words.slice(from, from + 1 + random.int(2));
  const category = product.category.at(-1);
  const subject = category !== undefined && random.next() < 0.5 ? [category.toLowerCase()] : titled;
  const language = world.shop.locale.toLowerCase().split(/[-_]/)[0]!;
  const bargain = BARGAIN_WORDS[language] ?? BARGAIN_WORDS.en!;
  const extra = random.next() < 0.75 * mood[BARGAIN]! ? [bargain[random.int(bargain.length)]!] : [];
  const query = [...extra, ...subject].join(' ');
  if (query === '') return;
  visit.emit({ name: 'search', query });
  visit.wait(6);
}

/** Towards the last slot the whole plan goes into the cart; midway one product in three. */
function fillCart(visit: Visit, moment: Moment, shown: Float64Array): void {
  const { world, cart, random } = visit;
  const { rows, units } = moment.plan;
  let events = 0;
  for (let i = 0; i < rows.length; i++) {
    if (cart.has(rows[i]!)) continue;
    if (moment.stage < 0.8 && random.next() > 0.25 + 0.2 * shown[SHIPPING]!) continue;
    cart.set(rows[i]!, units[i]!);
    if (events++ >= MOST_CART_EVENTS) continue;
    visit.emit({ name: 'add_to_cart', items: [itemOf(world, rows[i]!, units[i]!)] });
    visit.wait(10);
  }
}

/** Checkout shows the shipping fee, and back they go. */
function balkAtShipping(visit: Visit): void {
  const { world, cart, random } = visit;
  visit.emit({ name: 'begin_checkout' });
  visit.wait(25);
  const rows = [...cart.keys()];
  const row = rows[random.int(rows.length)]!;
  if (random.next() > 0.6) return;
  visit.emit({ name: 'remove_from_cart', items: [itemOf(world, row, cart.get(row)!)] });
  cart.delete(row);
  visit.wait(5);
}

function rateProduct(visit: Visit, shopper: Shopper): void {
  const row = drawFromGroup(visit.world.catalogue, visit.group, shopper.thrift, 0, visit.random);
  const product = visit.world.catalogue.products[row]!;
  const rating = Math.min(5, Math.max(1, Math.round((product.rating ?? 4) + visit.random.normal())));
  visit.emit({ name: 'rate', sku: product.sku, rating });
  visit.wait(5);
}
