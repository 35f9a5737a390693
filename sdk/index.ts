/**
 * The npm entry.
 * @example
 * const edge = init({ siteKey: 'pk_shop', endpoint: 'https://trainer.example', keys: ['9d61...'] });
 * edge.track('view_item', { items: [{ item_id: 'mug-1', price: 12.5 }] });
 * const { action, creative } = await edge.decide('cart');
 * @module
 */

import type { Options, PromoEdge } from './api.ts';
import { settingsOf } from './options.ts';
import { createClient } from './page/client.ts';

export type * from './api.ts';

/** Starts the SDK in a browser. One a page: call `destroy` before another. */
export function init(options: Options): PromoEdge {
  return createClient(settingsOf(options));
}
