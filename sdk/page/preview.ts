/** A marketer's link, `https://shop.example/cart#promo-edge-preview=TOKEN`: shows a draft that only its holder sees. */

import type { PublicPromotion } from '../../shared/bundle.ts';
import type { PromoEdge } from '../api.ts';
import type { Settings } from '../options.ts';
import { PREVIEW_LINK } from './listen-hook.ts';

/**
 * Forces the slot's action to the draft: such decisions are not logged, and it is on no menu, so nothing can be claimed.
 * The link is in the fragment, which browsers send to nobody.
 * @throws where the trainer does not know the link, or no longer
 */
export async function preview({ endpoint, siteKey }: Settings, edge: PromoEdge, hash: string): Promise<void> {
  const [, token] = hash.split(PREVIEW_LINK);
  if (token === undefined) return;
  const response = await fetch(`${endpoint}/s/${siteKey}/previews`, {
    method: 'POST',
    // text/plain needs no preflight.
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify({ preview: token }),
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok)
    throw new Error(`promo-edge: this preview link is not good, or no longer (${response.status})`);
  const { slot, promotion } = (await response.json()) as { slot: string; promotion: PublicPromotion };
  edge.override(slot, promotion.id, promotion);
}
