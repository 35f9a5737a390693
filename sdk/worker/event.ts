/** From what a page pushes to an event: GA4's parameter names and ours. */

import { defined } from '../../shared/defined.ts';
import {
  type BehaviourEvent,
  EVENT_NAMES,
  type EventItem,
  type EventName,
  type ShownProduct,
} from '../../shared/event.ts';
import { toMinor } from '../../shared/money.ts';
import type { EventProps } from '../api.ts';

/** GA4's other names for what we know. Source: https://developers.google.com/analytics/devguides/collection/ga4/reference/events */
const ALIASES: Record<string, EventName> = { view_search_results: 'search', select_content: 'select_item' };

/** The device is the visitor: its events carry no name that could ever leave it. */
const DEVICE = 'device';

/** Whether the release in use knows a product: what the page shows of it is then not kept. */
export type Knows = (sku: string) => boolean;

/**
 * @param props money in major units of `currency`; prices in another currency are dropped, never converted
 * @param currency the shop's; undefined where no release has said it, and then every price is dropped
 * @returns undefined for an event that we do not know
 * @throws BadInput for an amount that is no money
 */
export function eventOf(
  name: string,
  props: EventProps,
  ts: number,
  currency: string | undefined,
  knows: Knows = () => true,
): BehaviourEvent | undefined {
  const known = ALIASES[name] ?? name;
  if (!(EVENT_NAMES as readonly string[]).includes(known)) return undefined;
  const ours =
    currency !== undefined &&
    (typeof props.currency !== 'string' || props.currency.toUpperCase() === currency.toUpperCase());
  const money = (value: unknown): number | undefined => (ours ? minor(value, currency) : undefined);
  const items = Array.isArray(props.items) ? props.items.flatMap((item) => itemOf(item, money, knows)) : [];
  return defined({
    visitor: DEVICE,
    name: known as EventName,
    ts,
    session: text(props.session),
    sku: text(props.sku ?? props.item_id),
    items: items.length === 0 ? undefined : items,
    query: text(props.query ?? props.search_term),
    value: money(props.value),
    rating: number(props.rating),
    promotion: text(props.promotion ?? props.promotion_id ?? first(props.items)?.promotion_id),
    dwellMs: number(props.dwell_ms),
    attributes: typeof props.category === 'string' ? { category: props.category } : undefined,
  });
}

/** A cart as the page gives it, as an event's lines; what names no product is left out. */
export function itemsFrom(
  cart: readonly unknown[],
  currency: string,
  knows: Knows = () => true,
): EventItem[] {
  return cart.flatMap((item) => itemOf(item, (value) => minor(value, currency), knows));
}

function itemOf(item: unknown, money: (value: unknown) => number | undefined, knows: Knows): EventItem[] {
  const line = (item ?? {}) as Record<string, unknown>;
  const { quantity, price } = line;
  const sku = text(line.sku ?? line.item_id ?? line.id ?? line.item_name);
  if (sku === undefined) return [];
  return [
    defined({
      sku,
      quantity: Math.max(0, number(quantity) ?? 1),
      price: money(price),
      ...(knows(sku) ? {} : shownOf(line)),
    }),
  ];
}

/** GA4 gives a category level by level; others give the path, 'A > B' or in a list. */
function shownOf(line: Record<string, unknown>): { [K in keyof ShownProduct]: ShownProduct[K] | undefined } {
  const { category, brand, item_brand, item_name, name } = line;
  const levels = ['', 2, 3, 4, 5].map((level) => line[`item_category${level}`]);
  const path = (typeof category === 'string' ? category.split('>') : category) ?? levels;
  const names = [path].flat().flatMap((name) => text(name)?.trim().slice(0, LONGEST_NAME) || []);
  return {
    category: names.length === 0 ? undefined : names.slice(0, 8),
    brand: text(brand ?? item_brand)?.slice(0, LONGEST_NAME),
    title: text(item_name ?? name)?.slice(0, LONGEST_NAME),
  };
}

const LONGEST_NAME = 200;

function minor(value: unknown, currency: string): number | undefined {
  const amount = number(value);
  return amount === undefined ? undefined : toMinor(amount, currency);
}

const first = (items: unknown): Record<string, unknown> | undefined =>
  Array.isArray(items) ? (items[0] as Record<string, unknown> | undefined) : undefined;

const text = (value: unknown): string | undefined =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;

/** Shops write prices as text now and then ("12.50"). */
function number(value: unknown): number | undefined {
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof parsed === 'number' && Number.isFinite(parsed) ? parsed : undefined;
}
