/** From what a page pushes to an event: GA4's parameter names and ours. */

import { BadInput } from '../../shared/errors.ts';
import { type BehaviourEvent, EVENT_NAMES, type EventName, readEvent } from '../../shared/event.ts';
import type { EventProps } from '../api.ts';
import { viewedProduct } from './json-ld.ts';

/** GA4's other names for what we know. Source: https://developers.google.com/analytics/devguides/collection/ga4/reference/events */
const ALIASES: Record<string, EventName> = { view_search_results: 'search', select_content: 'select_item' };

/** The device is the visitor: its events carry no name that could ever leave it. */
const DEVICE = 'device';

/**
 * @param props money in major units of `currency`; prices in another currency are dropped, never converted
 * @returns undefined for an event that we do not know
 * @throws BadInput naming the field
 */
export function eventOf(
  name: string,
  props: EventProps,
  ts: number,
  currency: string,
): BehaviourEvent | undefined {
  if (name === 'json-ld') {
    const viewed = viewedProduct(props.texts as unknown[]);
    return viewed && eventOf('view_item', viewed, ts, currency);
  }
  const known = ALIASES[name] ?? name;
  if (!(EVENT_NAMES as readonly string[]).includes(known)) return undefined;
  const foreign =
    typeof props.currency === 'string' && props.currency.toUpperCase() !== currency.toUpperCase();
  const items = Array.isArray(props.items) ? props.items.map((item) => itemOf(item, foreign)) : undefined;
  const raw = {
    name: known,
    ts,
    session: props.session,
    sku: text(props.sku ?? props.item_id),
    items: items?.filter((item) => item.sku !== undefined),
    query: text(props.query ?? props.search_term),
    value: foreign ? undefined : number(props.value),
    rating: number(props.rating),
    promotion: text(props.promotion ?? props.promotion_id ?? first(props.items)?.promotion_id),
    dwell_ms: number(props.dwell_ms),
  };
  return readEvent(raw, currency, DEVICE);
}

/** A cart as the page gives it, as an event's lines. @throws BadInput */
export function itemsFrom(cart: readonly unknown[], currency: string): BehaviourEvent['items'] {
  const items = cart.map((item) => itemOf(item, false)).filter((item) => item.sku !== undefined);
  return readEvent({ name: 'add_to_cart', items }, currency, DEVICE).items;
}

function itemOf(item: unknown, foreign: boolean): { sku?: string; quantity: number; price?: number } {
  if (typeof item !== 'object' || item === null)
    throw new BadInput({ field: 'items' }, 'objects', typeof item);
  const { sku, item_id, id, item_name, quantity, price } = item as Record<string, unknown>;
  const name = text(sku ?? item_id ?? id ?? item_name);
  const amount = foreign ? undefined : number(price);
  return {
    quantity: number(quantity) ?? 1,
    ...(name === undefined ? {} : { sku: name }),
    ...(amount === undefined ? {} : { price: amount }),
  };
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
