/** A slot as a server writes it. */

import type { ServerOffer } from './index.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign]!);

/**
 * `<promo-slot>` with its offer, or with the shop's own words where there is none and the browser decides. A slot that
 * carries an offer is not decided again: nothing is drawn twice, nothing counts as this shopper's.
 * @param fallback text of the shop's own
 * @param minHeight CSS pixels kept free, so that a decision moves nothing
 */
export function slotHtml(
  name: string,
  offer: ServerOffer | undefined,
  fallback: string,
  minHeight = 64,
): string {
  const open = `<promo-slot name="${escaped(name)}" min-height="${minHeight}"`;
  if (offer === undefined) return `${open}>${escaped(fallback)}</promo-slot>`;
  const { title, text } = offer.creative;
  return `${open} data-decided="${escaped(offer.action)}"><strong>${escaped(title)}</strong> ${escaped(text)}</promo-slot>`;
}
