/**
 * The shopper's panel: why these offers, what is kept, switches, a copy, forgetting. A file of its own, which a shop
 * loads where it wants it; it asks the SDK's public API alone and sends nothing.
 * @example
 * <button data-promo-edge-panel>Your offers, your data</button>
 * <script type="module" src="https://trainer.example/sdk/promo-edge-panel.js"></script>
 * @module
 */

import type { PromoEdge } from '../api.ts';
import { openDialog } from './dialog.ts';
import { languageOf, wordsOf } from './words.ts';

export interface PanelOptions {
  /** BCP 47; the page's language where absent. English and Chinese have words. */
  locale?: string;
  /** How the page calls a promotion, where it draws them itself; else the words that the release has for it. */
  titleOf?: (promotion: string) => string | undefined;
}

/** Opens the panel over the page; gives back how to close it. */
export function openPanel(edge: PromoEdge, options: PanelOptions = {}): () => void {
  const language = languageOf(options.locale ?? document.documentElement.lang);
  return openDialog(edge, language, wordsOf(language), options.titleOf);
}

/** Every element with `data-promo-edge-panel` opens it, also those that come later. */
export function listen(page: { promoEdge?: { push(command: (edge: PromoEdge) => void): unknown } }): void {
  document.addEventListener('click', (event) => {
    const target = event.target instanceof Element && event.target.closest('[data-promo-edge-panel]');
    if (!target) return;
    event.preventDefault();
    page.promoEdge?.push((edge) => openPanel(edge));
  });
}
