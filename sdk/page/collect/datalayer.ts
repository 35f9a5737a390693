/** GA4 events from `dataLayer`: both `gtag('event', name, params)` and GTM's `push({event, ecommerce})`. */

import type { Collector } from './index.ts';

type Entry = { 0?: unknown; 1?: unknown; 2?: unknown; event?: unknown; ecommerce?: object };

/** Reads what is there already, then what is pushed. Others may wrap `push` after us: they call ours. */
export const dataLayer: Collector = (track) => {
  const page = globalThis as { dataLayer?: unknown[] };
  page.dataLayer ??= [];
  const layer = page.dataLayer;
  let on = true;
  const read = (entry: unknown): void => {
    const { 0: command, 1: name, 2: params, event, ecommerce } = (entry ?? {}) as Entry;
    // gtag pushes its `arguments`, which is no array.
    if (command === 'event') track(String(name), (params ?? {}) as object as never);
    else if (typeof event === 'string') track(event, { ...(entry as object), ...ecommerce });
  };
  layer.forEach(read);
  const push = layer.push;
  layer.push = function (...entries) {
    const length = push.apply(this, entries);
    if (on) entries.forEach(read);
    return length;
  };
  return () => {
    on = false;
  };
};
