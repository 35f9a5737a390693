/** Segment's e-commerce events, versions 1 and 2: https://segment.com/docs/connections/spec/ecommerce/v2/. */

import type { EventProps } from '../../api.ts';
import type { Collector } from './index.ts';

/** By the words of the name in order of the alphabet: version 1 says 'Viewed Product', version 2 'Product Viewed'. */
const NAMES: Record<string, string> = {
  'product viewed': 'view_item',
  'list product viewed': 'view_item_list',
  'category product viewed': 'view_item_list',
  'clicked product': 'select_item',
  'products searched': 'search',
  'added product': 'add_to_cart',
  'product removed': 'remove_from_cart',
  'added product to wishlist': 'add_to_wishlist',
  'checkout started': 'begin_checkout',
  'completed order': 'purchase',
  'order refunded': 'refund',
  'product reviewed': 'rate',
  'promotion viewed': 'view_promotion',
  'clicked promotion': 'select_promotion',
};

/** @returns undefined for what is no e-commerce event that we know */
export function segmentEvent(event: unknown, properties: unknown): [string, EventProps] | undefined {
  const name =
    NAMES[
      String(event)
        .toLowerCase()
        .trim()
        .split(/[\s_]+/)
        .sort()
        .join(' ')
    ];
  if (name === undefined) return undefined;
  const props = (properties ?? {}) as EventProps;
  const { products, currency, query, rating, promotion_id } = props;
  // Events about one product carry its fields themselves.
  const lines = Array.isArray(products) ? products : [props];
  return [
    name,
    {
      items: lines.map((line: EventProps) => ({ ...line, sku: line?.sku ?? line?.product_id ?? line?.id })),
      // `revenue` is without shipping and tax, `total` with them.
      value: props.revenue ?? props.total,
      ...{ currency, query, rating, promotion_id },
    },
  ];
}

/** Segment's stub queues `on` as it does `track`, so this works before and after its load. */
export const segment: Collector = (track) => {
  type Analytics = { on?(event: 'track', listener: (event: unknown, properties: unknown) => void): void };
  const page = globalThis as { analytics?: Analytics };
  let on = true;
  const start = (): void =>
    page.analytics?.on?.('track', (event, properties) => {
      const found = segmentEvent(event, properties);
      if (on && found) track(...found);
    });
  if (page.analytics) start();
  else addEventListener('load', start, { once: true });
  return () => {
    on = false;
    removeEventListener('load', start);
  };
};
