/**
 * Universal Analytics' `ecommerce` objects, which many shops still push beside or instead of GA4's.
 * https://developers.google.com/analytics/devguides/collection/ua/gtm/enhanced-ecommerce
 */

import type { EventProps } from '../../api.ts';
import { readDataLayer } from '../data-layer.ts';
import type { Collector } from './index.ts';

/** What Universal Analytics called an action, and GA4 calls an event. */
const ACTIONS: Record<string, string> = {
  detail: 'view_item',
  impressions: 'view_item_list',
  click: 'select_item',
  add: 'add_to_cart',
  remove: 'remove_from_cart',
  checkout: 'begin_checkout',
  purchase: 'purchase',
  refund: 'refund',
  promoView: 'view_promotion',
  promoClick: 'select_promotion',
};

interface Action {
  products?: unknown[];
  promotions?: { id?: unknown }[];
  actionField?: { revenue?: unknown; step?: unknown };
}

/** One entry may hold several actions: a product's page with impressions of others and a promotion. */
export function ecommerceEvents(entry: unknown): [name: string, props: EventProps][] {
  const ecommerce = (entry as { ecommerce?: EventProps } | null)?.ecommerce ?? {};
  return Object.keys(ACTIONS)
    .filter((action) => typeof ecommerce[action] === 'object' && ecommerce[action] !== null)
    .flatMap((action) =>
      propsOf(action, ecommerce).map((props) => [ACTIONS[action]!, props] as [string, EventProps]),
    );
}

function propsOf(action: string, ecommerce: EventProps): EventProps[] {
  const what = ecommerce[action] as Action | unknown[];
  // Impressions are the list itself.
  const { products, promotions, actionField }: Action = Array.isArray(what) ? { products: what } : what;
  // A checkout of five steps began once.
  if (action === 'checkout' && Number(actionField?.step ?? 1) !== 1) return [];
  if (promotions !== undefined) return promotions.map(({ id }) => ({ promotion: id }));
  return [{ items: products, value: actionField?.revenue, currency: ecommerce['currencyCode'] }];
}

export const enhancedEcommerce: Collector = (track) =>
  readDataLayer((entry) => {
    for (const [name, props] of ecommerceEvents(entry)) track(name, props);
  });
