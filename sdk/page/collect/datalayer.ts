/** GA4 events from `dataLayer`: both `gtag('event', name, params)` and Tag Manager's `push({event, ecommerce})`. */

import type { EventProps } from '../../api.ts';
import { readDataLayer } from '../data-layer.ts';
import type { Collector } from './index.ts';

interface Entry {
  0?: unknown;
  1?: unknown;
  2?: unknown;
  event?: unknown;
  ecommerce?: EventProps | null;
}

/** Names we do not know are left to the worker, which drops them. */
export function ga4Event(entry: unknown): [name: string, props: EventProps] | undefined {
  const { 0: command, 1: name, 2: params, event, ecommerce } = (entry ?? {}) as Entry;
  // gtag pushes its `arguments`, which is no array.
  if (command === 'event') return [String(name), (params ?? {}) as EventProps];
  return typeof event === 'string' ? [event, { ...(entry as object), ...ecommerce }] : undefined;
}

export const dataLayer: Collector = (track) =>
  readDataLayer((entry) => {
    const found = ga4Event(entry);
    if (found) track(...found);
  });
