/** From what a page pushes to an event: GA4's parameter names and ours. */

import { type BehaviourEvent, EVENT_NAMES, type EventItem, type EventName } from '../../shared/event.ts';
import { toMinor } from '../../shared/money.ts';
import type { EventProps } from '../api.ts';
import { pageEvent } from './json-ld.ts';

/** GA4's other names for what we know. Source: https://developers.google.com/analytics/devguides/collection/ga4/reference/events */
const ALIASES: Record<string, EventName> = { view_search_results: 'search', select_content: 'select_item' };

/** The device is the visitor: its events carry no name that could ever leave it. */
const DEVICE = 'device';

/**
 * @param props money in major units of `currency`; prices in another currency are dropped, never converted
 * @returns undefined for an event that we do not know
 * @throws BadInput for an amount that is no money
 */
export function eventOf(
  name: string,
  props: EventProps,
  ts: number,
  currency: string,
): BehaviourEvent | undefined {
  if (name === 'json-ld') {
    const found = pageEvent(props.texts as unknown[]);
    return found && eventOf(found.name, found.props, ts, currency);
  }
  const known = ALIASES[name] ?? name;
  if (!(EVENT_NAMES as readonly string[]).includes(known)) return undefined;
  const foreign =
    typeof props.currency === 'string' && props.currency.toUpperCase() !== currency.toUpperCase();
  const money = (value: unknown): number | undefined => (foreign ? undefined : minor(value, currency));
  const items = Array.isArray(props.items) ? props.items.flatMap((item) => itemOf(item, money)) : [];
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
export function itemsFrom(cart: readonly unknown[], currency: string): EventItem[] {
  return cart.flatMap((item) => itemOf(item, (value) => minor(value, currency)));
}

function itemOf(item: unknown, money: (value: unknown) => number | undefined): EventItem[] {
  const { sku, item_id, id, item_name, quantity, price } = (item ?? {}) as Record<string, unknown>;
  const name = text(sku ?? item_id ?? id ?? item_name);
  if (name === undefined) return [];
  return [defined({ sku: name, quantity: Math.max(0, number(quantity) ?? 1), price: money(price) })];
}

/** Without the fields that are undefined: an absent price is no price, in every copy that is made of an event. */
function defined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

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
